/** The title of the document, from what the page shows. */
import { watchEffect } from 'vue'

export const SITE = '信查'

export const useTitle = (title: () => string): void => {
  watchEffect(() => {
    const text = title()
    document.title = text ? `${text} · ${SITE}` : `${SITE}：企业公开信用信息查询`
  })
}
