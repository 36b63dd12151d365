"""Backups: lake, database and attachments of one moment in one folder, each file with its sha256;
and giving them back."""

from qor.workflow.backup.make import Backup, make_backup
from qor.workflow.backup.restore import restore_backup

__all__ = ["Backup", "make_backup", "restore_backup"]
