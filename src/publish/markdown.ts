/** A table; cells are escaped, so that no bar or line break of theirs breaks it. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(header), `|${header.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

/** Text as code; text with backticks in it gets more of them around. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

/** Text that stands for itself: marks of Markdown and of HTML mean nothing in it. */
export function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>#|~]/g, (mark) => (mark === '|' ? mark : `\\${mark}`))
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')
}
