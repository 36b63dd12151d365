"""Lines of an act by kind, services that the scale leaves alone, and what a closing could not pay; tables that only grow stay so."""

import django.db.models.deletion
from django.db import migrations, models

import qor.workflow.fields
from qor.workflow.payments.guarded import make_guards


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_accountants'),
        ('payments', '0005_seals_and_marks'),
    ]

    operations = [
        migrations.CreateModel(
            name='Unready',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contract_no', models.CharField(blank=True, max_length=100)),
                ('care_form', models.CharField(blank=True, max_length=30)),
                ('funding', models.CharField(blank=True, max_length=8)),
                ('service_month', models.CharField(max_length=7)),
                ('kind', models.CharField(blank=True, max_length=24)),
                ('what', models.CharField(max_length=24)),
                ('services', models.BigIntegerField()),
                ('amount', qor.workflow.fields.MoneyField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='actline',
            name='one_line_of_a_kind',
        ),
        migrations.AddField(
            model_name='actline',
            name='kind',
            field=models.CharField(blank=True, default='', max_length=24),
        ),
        migrations.AddField(
            model_name='deduction',
            name='unscaled',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='heldservice',
            name='unscaled',
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name='actline',
            constraint=models.UniqueConstraint(fields=('act', 'care_form', 'funding', 'service_month', 'kind'), name='one_line_of_each_kind'),
        ),
        migrations.AddField(
            model_name='unready',
            name='closing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unready', to='payments.closing'),
        ),
        migrations.AddField(
            model_name='unready',
            name='provider',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.CreateModel(
            name='CoExecution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subcontract_bin', models.CharField(max_length=12)),
                ('co_contract_no', models.CharField(blank=True, max_length=100)),
                ('care_form', models.CharField(max_length=30)),
                ('services', models.BigIntegerField()),
                ('accepted', qor.workflow.fields.MoneyField()),
                ('share', models.CharField(max_length=12)),
                ('most', qor.workflow.fields.MoneyField(null=True)),
                ('due', qor.workflow.fields.MoneyField()),
                ('above', qor.workflow.fields.MoneyField()),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='co_executions', to='payments.act')),
            ],
        ),
        migrations.RunPython(make_guards, migrations.RunPython.noop),
    ]
