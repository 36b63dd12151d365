"""Funding stands on each row of money; what a later decision takes back, and how a debt is settled, are rows of their own."""

import datetime
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import qor.workflow.fields
from qor.workflow.append_only import append_only

REMADE = ("posting", "deduction", "debttaken", "advancekept")


class ActsWithoutFunding(RuntimeError):
    """Acts were made before each row named its funding: whose money their orders paid cannot be known."""


def refuse_old_acts(apps: Any, editor: Any) -> None:
    """Whose money an older order paid was written nowhere: it is not guessed."""
    if apps.get_model("payments", "Act").objects.exists():
        raise ActsWithoutFunding("The database holds acts whose rows name no funding. Close the months anew in a new database.")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_accountants'),
        ('disputes', '0004_shown_on_and_months'),
        ('payments', '0002_append_only_and_head'),
    ]

    operations = [
        migrations.RunPython(refuse_old_acts, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='order',
            name='one_live_order_an_act',
        ),
        migrations.AddField(
            model_name='advance',
            name='funding',
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name='advancekept',
            name='funding',
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name='debt',
            name='deduction',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='debts', to='payments.deduction'),
        ),
        migrations.AddField(
            model_name='debt',
            name='due_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='debt',
            name='found_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='debt',
            name='funding',
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name='debt',
            name='late_since',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='debt',
            name='tell_by',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='debt',
            name='told_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='debt',
            name='way',
            field=models.CharField(choices=[('net', 'Net'), ('return', 'Return')], default='net', max_length=8),
        ),
        migrations.AddField(
            model_name='debttaken',
            name='funding',
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name='debttaken',
            name='how',
            field=models.CharField(choices=[('netted', 'Netted'), ('returned', 'Returned'), ('withdrawn', 'Withdrawn')], default='netted', max_length=10),
        ),
        migrations.AddField(
            model_name='debttaken',
            name='deduction',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='withdrawn', to='payments.deduction'),
        ),
        migrations.AddField(
            model_name='deduction',
            name='contract_no',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='deduction',
            name='taken_back',
            field=qor.workflow.fields.MoneyField(default=0),
        ),
        migrations.AddField(
            model_name='deduction',
            name='taken_on',
            field=models.DateField(default=datetime.date(1970, 1, 1)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='order',
            name='funding',
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name='othersum',
            name='found_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='othersum',
            name='funding',
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name='posting',
            name='funding',
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AlterField(
            model_name='debttaken',
            name='act',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='debts_taken', to='payments.act'),
        ),
        migrations.AlterField(
            model_name='deduction',
            name='act',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deductions', to='payments.act'),
        ),
        migrations.AddConstraint(
            model_name='debttaken',
            constraint=models.CheckConstraint(condition=models.Q(('act__isnull', False), models.Q(('how', 'netted'), _negated=True), _connector='OR'), name='netted_in_an_act'),
        ),
        migrations.AddConstraint(
            model_name='deduction',
            constraint=models.CheckConstraint(condition=models.Q(('disallowed__gte', 0), ('sanction__gte', 0), ('taken_back__gte', 0)), name='deduction_never_below_zero'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'returned'), _negated=True), fields=('act', 'funding'), name='one_live_order_an_act_and_funding'),
        ),
        *(migrations.RunPython(append_only(f"payments_{table}"), migrations.RunPython.noop) for table in REMADE),
    ]
