import { type ASTNode, Environment } from '@marcbachmann/cel-js'
import { ExpressionError } from './expression-error.ts'

/** Longer expressions are not read; the longest published rule has some 300 characters. */
export const EXPRESSION_CHARS_MAX = 4000

export const PARSE_LIMITS = {
  maxAstNodes: 400,
  maxDepth: 40,
  maxListElements: 200,
  maxMapEntries: 0,
  maxCallArguments: 4,
}

const parser = new Environment({ limits: PARSE_LIMITS })

/** Parses CEL text. Throws ExpressionError with the place of the first mistake. */
export function parseExpression(text: string): ASTNode {
  if (text.length > EXPRESSION_CHARS_MAX)
    throw new ExpressionError(`An expression has at most ${EXPRESSION_CHARS_MAX} characters.`, 0)
  try {
    return parser.parse(text).ast
  } catch (error) {
    throw asExpressionError(error)
  }
}

/** The mistake that cel-js found, in our form. */
export function asExpressionError(error: unknown): ExpressionError {
  const { summary, message, range } = error as {
    summary?: string
    message: string
    range?: { start: number }
  }
  return new ExpressionError(`${summary ?? message}.`, range?.start ?? 0)
}
