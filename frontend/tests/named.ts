/** Names of filters, as the API tells them. */
import { words } from '@/text/words'

export const nameFilters = (titles: Readonly<Record<string, string>>): void => {
  const filters = Object.entries(titles).map(([name, title]) => ({ name, title, english: '' }))
  words.value = { ...words.value, filters }
}
