import type { Account } from '../../api/people-queries.ts'
import { useT } from '../../app/text.tsx'

/** Whether an account can sign in, in words. */
export function AccountState({ account }: { readonly account: Account }) {
  const t = useT()
  const locked = account.lockedUntil !== null && Date.parse(account.lockedUntil) > Date.now()
  if (account.suspended) return <span className="state state--bad">{t('accounts.suspended')}</span>
  if (locked) return <span className="state state--warn">{t('accounts.locked')}</span>
  if (account.mustChange) return <span className="state">{t('accounts.oneTime')}</span>
  if (!account.hasSecret && account.kind === 'person')
    return <span className="state">{t('accounts.noPassword')}</span>
  return <span className="state state--good">{t('accounts.active')}</span>
}
