"""What a program asks by the client that `openapi-python-client` made as the package `client`. Prints what it gets.

It is run by the Python in which that package's needs are installed, with the address of the service as its argument.
"""

import json
import sys

from client import Client
from client.api.search import entity, search_entities, search_records, timeline
from client.models.search_entities_has_item import SearchEntitiesHasItem

with Client(base_url=sys.argv[1]) as service:
    first = search_entities.sync(client=service, q="示例", has=[SearchEntitiesHasItem.PENALTY], page_size=2)
    second = search_entities.sync(
        client=service, q="示例", has=[SearchEntitiesHasItem.PENALTY], page_size=2, cursor=first.cursor
    )
    company = entity.sync(first.hits[0].entity_id, client=service)
    life = timeline.sync(company.entity_id, client=service)
    records = search_records.sync(client=service, page_size=1)
    nobody = entity.sync_detailed("N-nobody", client=service)
    told = {
        "hits": [hit.entity_id for hit in (*first.hits, *second.hits)],
        "total": first.total,
        "name": company.name,
        "records": [each.record_id for each in life.hits],
        "all_records": records.total,
        "error": [nobody.status_code, nobody.parsed.type_],
    }
sys.stdout.write(json.dumps(told))
