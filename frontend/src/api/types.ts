/** Short names for the answers of the API, whose types are generated from its OpenAPI document. */
import type { components } from './schema'

type Schemas = components['schemas']

export type About = Schemas['About']
export type AnsweredRow = Schemas['AnsweredRow']
export type AnsweredRows = Schemas['AnsweredRows']
export type Bucket = Schemas['Bucket']
export type Change = Schemas['Change']
export type Counts = Schemas['Counts']
export type Entity = Schemas['Entity']
export type EntityHit = Schemas['EntityHit']
export type EntityPage = Schemas['EntityPage']
export type Facets = EntityPage['facets']
export type Highlight = Schemas['Highlight']
export type MatchCandidate = Schemas['MatchCandidate']
export type MatchCounts = Schemas['MatchCounts']
export type MatchFile = Schemas['MatchFile']
export type MatchResult = Schemas['MatchResult']
export type Origin = Schemas['Origin']
export type Part = Schemas['Part']
export type RecordPage = Schemas['RecordPage']
export type AnyRecord = RecordPage['hits'][number]
export type RecordKind = AnyRecord['kind']
export type RecordOf<K extends RecordKind> = Extract<AnyRecord, { kind: K }>
export type Suggestion = Schemas['Suggestion']
