"""Rows of money are sealed and marked; the database guards each of their tables."""

from django.db import migrations, models

from qor.workflow.payments.guarded import make_guards


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0004_sent_orders_and_second_person'),
    ]

    operations = [
        migrations.AddField(
            model_name='ledgerhead',
            name='seal_hash',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='ledgerhead',
            name='seals',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='ledgerhead',
            name='told_in',
            field=models.BigIntegerField(default=0),
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=40)),
                ('row', models.BigIntegerField()),
                ('layout', models.SmallIntegerField()),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['subject', 'row'], name='mark_by_subject')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('table', models.CharField(max_length=40)),
                ('layout', models.SmallIntegerField()),
                ('last_id', models.BigIntegerField()),
                ('rows', models.IntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['table', 'last_id'], name='seal_by_table')],
            },
        ),
        migrations.RunPython(make_guards, migrations.RunPython.noop),
    ]
