import type { Submission } from '../../api/client.ts'
import { useTexts } from '../../app/text.tsx'
import { bytes } from '../../app/time.tsx'

/** What can be taken along: the file as it came, the faulty records, the log, and the signed papers. */
export function Files({ submission, closed }: { readonly submission: Submission; readonly closed: boolean }) {
  const { t, language } = useTexts()
  const { tracking, counts } = submission
  const at = (name: string) => `/v1/submissions/${encodeURIComponent(tracking)}/${name}`
  const faulty = counts.rejected + counts.withErrors > 0
  const files = [
    ...(faulty ? [{ name: 'error-file', label: t('files.errors'), about: t('files.errorsAbout') }] : []),
    ...(closed ? [{ name: 'receipt', label: t('files.receipt'), about: t('files.receiptAbout') }] : []),
    { name: 'session-log', label: t('files.log'), about: t('files.logAbout') },
    {
      name: 'document',
      label: t('files.document'),
      about: bytes(submission.documentBytes, language),
    },
    { name: 'acknowledgement', label: t('files.acknowledgement'), about: t('files.acknowledgementAbout') },
  ]
  const papers: Readonly<Record<string, string>> = {
    receipt: `${tracking}-receipt.jws`,
    acknowledgement: `${tracking}-acknowledgement.jws`,
  }
  return (
    <ul className="files">
      {files.map(({ name, label, about }) => (
        <li key={name}>
          <a href={at(name)} download={papers[name] ?? ''}>
            {label}
          </a>
          <span className="files__about">{about}</span>
        </li>
      ))}
    </ul>
  )
}
