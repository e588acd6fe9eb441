/** Words of the data itself, by which the page decides or asks: in the language in which they are published. */

export const GOOD_STATUS = '存续'
export const ADVERSE_STATUS: readonly string[] = ['吊销未注销', '责令关闭', '除名']
export const PAST_STATUS: readonly string[] = ['吊销已注销', '强制注销', '撤销', '撤销设立登记']

/** Parts a line of a record into what was done and why: «列入经营异常名录：通过登记的住所无法联系». */
export const REASON = /：(.*)/s

/** The end of a sentence about an entity, which is told in Chinese. */
export const STOP = '。'

/** What is often asked for. */
export const FALSE_ADVERTISING = '虚假宣传'
export const CHANGE_OF_NAME = '名称变更'

/** A register of an entity in this state is closed. */
export const ENDED_STATUS: readonly string[] = ['注销', '吊销已注销', '强制注销', '撤销', '撤销设立登记', '迁出', '名称剔除']

/** The heads of the columns that pasted names have as a list in a file. */
export const PASTED_HEADS = { name: '名称', uscc: '统一社会信用代码', rest: '其余' } as const

/** The end of what is said of a list without a clear column, which only helps on a command line. */
export const ON_COMMAND_LINE = /(?:第\d+栏“.*)?请用 --column.*$/s
