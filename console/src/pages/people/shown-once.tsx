import { useState } from 'react'
import { useT } from '../../app/text.tsx'
import { Button } from '../../components/controls.tsx'

/** A secret that is shown this once, to be copied or passed on. */
export function ShownOnce({
  title,
  about,
  secret,
}: {
  readonly title: string
  readonly about: string
  readonly secret: string
}) {
  const t = useT()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(secret)
    setCopied(true)
  }
  return (
    <div className="note note--warn people__once" role="status">
      <strong>{title}</strong>
      <span>{about}</span>
      <code className="people__secret">{secret}</code>
      <Button type="button" outline onClick={copy}>
        {t(copied ? 'people.copied' : 'people.copy')}
      </Button>
    </div>
  )
}
