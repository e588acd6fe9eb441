/**
 * The reference of the API at `/docs`: Swagger UI over the description that this service gives. It is a page of its own, in files
 * of ours, so it costs the first load of no other, and asks nobody else.
 */
import 'swagger-ui-dist/swagger-ui.css'

import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js'

SwaggerUI({
  dom_id: '#reference',
  url: '/api/v1/openapi.json',
  validatorUrl: null, // it would show the description to somebody else
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
})
