"""What a server counts, at /metrics."""

from prometheus_client.parser import text_string_to_metric_families

from tests.product import Client


def measure(server, name, **labels):
    """The value of a sample, 0 while there is none."""
    with Client(server.url) as client:
        text = client.get("/metrics").text
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                return sample.value
    return 0
