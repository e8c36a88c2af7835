/** An expression or pattern of a definition is wrong. Found when a definition is loaded, never later. */
export class ExpressionError extends Error {
  /** 0-based place in the text. */
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.name = 'ExpressionError'
    this.offset = offset
  }
}
