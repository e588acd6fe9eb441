"""The OpenSearch engine: a cluster of version 3, through opensearch-py."""
