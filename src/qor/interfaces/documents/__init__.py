"""Documents that leave the system: payment files for banks and accounting, acts and protocols on
paper and as workbooks."""
