import django.core.validators
import django.db.models.deletion
import events.moment
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0002_attachment_source'),
        ('integrations', '0004_inbox'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='停用时间')),
                ('per_minute', models.PositiveIntegerField(default=120, verbose_name='每分钟上限')),
                ('tokens', models.BooleanField(default=False, verbose_name='回执用令牌而不是编号')),
            ],
            options={
                'verbose_name': 'Open311 密钥',
                'verbose_name_plural': 'Open311 密钥',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9][A-Za-z0-9._-]*\\Z', '只用字母、数字、点、横线和下划线。')], verbose_name='代码')),
                ('name', models.CharField(max_length=120, verbose_name='名称')),
                ('description', models.CharField(blank=True, max_length=500, verbose_name='说明')),
                ('group', models.CharField(blank=True, max_length=60, verbose_name='分组')),
                ('keywords', models.CharField(blank=True, max_length=200, verbose_name='关键词（逗号分隔）')),
                ('notice', models.CharField(blank=True, max_length=300, verbose_name='受理说明')),
                ('public', models.BooleanField(default=False, verbose_name='公开其他来源的同类事件')),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
                ('order', models.PositiveIntegerField(default=0, verbose_name='次序')),
                ('changed_at', models.DateTimeField(default=events.moment.now, editable=False)),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.category', verbose_name='事件分类')),
            ],
            options={
                'verbose_name': 'Open311 服务',
                'verbose_name_plural': 'Open311 服务',
                'ordering': ['order', 'code'],
            },
        ),
        migrations.CreateModel(
            name='ServiceAttribute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9][A-Za-z0-9._-]*\\Z', '只用字母、数字、点、横线和下划线。')], verbose_name='代码')),
                ('datatype', models.CharField(choices=[('string', '一行文字'), ('number', '数字'), ('datetime', '时间'), ('text', '多行文字'), ('singlevaluelist', '单选'), ('multivaluelist', '多选')], max_length=20, verbose_name='类型')),
                ('required', models.BooleanField(default=False, verbose_name='必填')),
                ('variable', models.BooleanField(default=True, verbose_name='需要作答')),
                ('description', models.CharField(max_length=300, verbose_name='问题')),
                ('datatype_description', models.CharField(blank=True, max_length=300, verbose_name='填写提示')),
                ('values', models.JSONField(blank=True, default=list, verbose_name='选项')),
                ('order', models.PositiveIntegerField(verbose_name='次序')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attributes', to='integrations.service')),
            ],
            options={
                'verbose_name': 'Open311 问题',
                'verbose_name_plural': 'Open311 问题',
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='ServiceRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('description', models.TextField(blank=True)),
                ('answers', models.JSONField(default=dict)),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='open311', to='events.event')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='integrations.apikey')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='integrations.service')),
            ],
            options={
                'verbose_name': 'Open311 请求',
                'verbose_name_plural': 'Open311 请求',
            },
        ),
        migrations.AddConstraint(
            model_name='serviceattribute',
            constraint=models.UniqueConstraint(fields=('service', 'code'), name='open311_attribute_code'),
        ),
        migrations.AddConstraint(
            model_name='serviceattribute',
            constraint=models.UniqueConstraint(fields=('service', 'order'), name='open311_attribute_order'),
        ),
    ]
