"""Orders are sent in files that are kept with their bytes; sums above the limit wait for a second person."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import qor.workflow.fields
from qor.workflow.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_accountants'),
        ('payments', '0003_funding_on_each_row'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ProposedSum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contract_no', models.CharField(max_length=100)),
                ('funding', models.CharField(max_length=8)),
                ('pays', models.BooleanField()),
                ('ground', models.CharField(choices=[('court', 'Court'), ('reconciliation', 'Reconciliation'), ('recalculation', 'Recalculation'), ('penalty', 'Penalty'), ('unscheduled', 'Unscheduled'), ('later_decision', 'Later Decision'), ('other', 'Other')], max_length=20)),
                ('amount', qor.workflow.fields.MoneyField()),
                ('statement', models.TextField()),
                ('found_on', models.DateField(null=True)),
                ('at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AlterField(
            model_name='order',
            name='state',
            field=models.CharField(choices=[('made', 'Made'), ('sent', 'Sent'), ('paid', 'Paid'), ('returned', 'Returned')], default='made', max_length=10),
        ),
        migrations.CreateModel(
            name='BankFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('kind', models.CharField(max_length=10)),
                ('bank_day', models.DateField()),
                ('number', models.IntegerField()),
                ('content', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=150)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('bank_day', 'number'), name='one_bank_file_of_a_number_a_day')],
            },
        ),
        migrations.AddField(
            model_name='order',
            name='file',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='payments.bankfile'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['made', 'returned']), ('file__isnull', False), _connector='OR'), name='order_sent_stands_in_a_file'),
        ),
        migrations.AddField(
            model_name='proposedsum',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='proposedsum',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='proposedsum',
            name='other',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposed', to='payments.othersum'),
        ),
        migrations.AddField(
            model_name='proposedsum',
            name='provider',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddConstraint(
            model_name='proposedsum',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='proposed_sum_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='proposedsum',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('by')), _negated=True), _connector='OR'), name='proposed_sum_has_a_second_person'),
        ),
        migrations.AddConstraint(
            model_name='proposedsum',
            constraint=models.CheckConstraint(condition=models.Q(('other__isnull', True), ('decided_by__isnull', False), _connector='OR'), name='proposed_sum_is_entered_when_decided'),
        ),
        migrations.RunPython(append_only('payments_bankfile'), migrations.RunPython.noop),
    ]
