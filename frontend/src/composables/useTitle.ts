/** The title of the document, from what the page shows. */
import { watchEffect } from 'vue'

import { t } from '@/text/language'

export const useTitle = (title: () => string): void => {
  watchEffect(() => {
    const text = title()
    document.title = text ? `${text} · ${t('frame.site')}` : t('frame.title')
  })
}
