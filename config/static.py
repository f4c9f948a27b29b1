"""Static files under hashed names, with the imports of ES modules rewritten."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed, and aware of `import … from` in modules."""

    support_js_module_import_aggregation = True
