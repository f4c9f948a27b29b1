"""The version of each body of geographic data, so that every process notices a change at once."""

import uuid

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Dataset(models.Model):
    """A token per body of data. Random, so one that was rolled back never comes again."""

    class Name(models.TextChoices):
        AREAS = "areas", _("区域")
        PLACES = "places", _("地点")
        ADDRESSES = "addresses", _("地址")

    name = models.CharField(_("名称"), max_length=16, choices=Name, primary_key=True)
    token = models.CharField(_("版本"), max_length=32)
    changed_at = models.DateTimeField(_("修改时间"))

    class Meta:
        verbose_name = _("数据版本")
        verbose_name_plural = _("数据版本")

    def __str__(self):
        return f"{self.name} {self.token}"

    @classmethod
    def bump(cls, name):
        """Give the data a new token, in the caller's transaction."""
        row = cls(name=name, token=uuid.uuid4().hex, changed_at=timezone.now())
        cls.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["token", "changed_at"],
        )

    @classmethod
    def tokens(cls):
        """{name: token} of all bodies of data, in one query."""
        return dict(cls.objects.values_list("name", "token"))


class VersionedQuerySet(models.QuerySet):
    """Bulk writes that give the model's dataset a new token in the same transaction."""

    def _bumped(self, write, *args, **kwargs):
        with transaction.atomic():
            result = write(*args, **kwargs)
            Dataset.bump(self.model.dataset)
        return result

    def update(self, **kwargs):
        """As Django's, and the dataset's token changes."""
        return self._bumped(super().update, **kwargs)

    def delete(self):
        """As Django's, and the dataset's token changes."""
        return self._bumped(super().delete)

    delete.alters_data = True
    delete.queryset_only = True

    def bulk_create(self, *args, **kwargs):
        """As Django's, and the dataset's token changes."""
        return self._bumped(super().bulk_create, *args, **kwargs)

    def bulk_update(self, *args, **kwargs):
        """As Django's, and the dataset's token changes."""
        return self._bumped(super().bulk_update, *args, **kwargs)


class Versioned(models.Model):
    """A model whose every change gives `dataset` a new token."""

    dataset = None

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """As Django's, and the dataset's token changes in the same transaction."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            Dataset.bump(self.dataset)

    def delete(self, *args, **kwargs):
        """As Django's, and the dataset's token changes in the same transaction."""
        with transaction.atomic():
            result = super().delete(*args, **kwargs)
            Dataset.bump(self.dataset)
        return result
