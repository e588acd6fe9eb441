/** Short names for the answers of the API, whose types are generated from its OpenAPI document. */
import type { components } from './schema'

type Schemas = components['schemas']

export type About = Schemas['About']
export type Bucket = Schemas['Bucket']
export type Change = Schemas['Change']
export type Counts = Schemas['Counts']
export type Entity = Schemas['Entity']
export type EntityHit = Schemas['EntityHit']
export type EntityPage = Schemas['EntityPage']
export type Facets = EntityPage['facets']
export type Highlight = Schemas['Highlight']
export type Origin = Schemas['Origin']
export type Part = Schemas['Part']
export type RecordPage = Schemas['RecordPage']
export type AnyRecord = RecordPage['hits'][number]
export type RecordKind = AnyRecord['kind']
export type RecordOf<K extends RecordKind> = Extract<AnyRecord, { kind: K }>
export type Suggestion = Schemas['Suggestion']
