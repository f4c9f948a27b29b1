"""Static files under hashed names, with the imports of ES modules rewritten."""

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(StaticFilesConfig):
    """Collects what our pages load; django-htmx's own copies of htmx are not among it."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx"]


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed, and aware of `import … from` in modules."""

    support_js_module_import_aggregation = True
    # A file's hash depends on those it imports: as many passes as the longest chain of imports.
    max_post_process_passes = 20

    def url(self, name, force=False):
        """The file's URL; an @ stays an @, as in imports, so that a module has one URL only."""
        return super().url(name, force).replace("%40", "@")
