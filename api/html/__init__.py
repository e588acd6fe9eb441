"""The page as HTML of the server: what an address shows, readable and whole where no script runs.

`views` says what an address shows and how it is answered, `values` writes facts as people read them, `document` puts
both into the built page (`frontend/dist/index.html`). Names and order of facts are those of the kinds, as in the API.
Where scripts run, the same answers of the API go along in the document, and the page takes over without asking again.
"""
