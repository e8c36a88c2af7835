// Made by `npm run docs` from the OpenAPI document of the node. Do not edit.

export interface components {
  schemas: {
    Account: {
      /** The id in tokens and in the audit. */
      account: string
      name: string
      partner: string
      kind: 'person' | 'machine'
      realms: ('live' | 'test')[]
      /** By which it may come in. */
      channels: ('rest' | 'sftp' | 'agent')[]
      grants: ({
        exchange: string
        grants: ('submit' | 'validate' | 'read' | 'close' | 'delete' | 'release' | 'administer' | 'manage')[]
      })[]
      /** It signs in no more until it is resumed. */
      suspended: boolean
      /** After many wrong passwords it does not sign in before. */
      lockedUntil: string | null
      /** False: it signs in by keys and certificates alone. */
      hasSecret: boolean
      /** Its password is good for one use. */
      mustChange: boolean
      secondFactor: boolean
    }
    Agent: {
      account: string
      login: string
      partner: string
      version: string
      health: { [name: string]: unknown }
      batches: ({ [name: string]: unknown })[]
      address: string
      firstSeenAt: string
      seenAt: string
      /** It did not ask for work for some minutes. */
      silent: boolean
    }
    Alert: {
      alert: number
      /** `limit`: its attempts are spent; it waits for its next occurrence. */
      kind: 'failed' | 'timed-out' | 'limit'
      job: string
      exchange: string
      realm: 'live' | 'test'
      partner: string
      run: string
      attempt: string
      code: string | null
      message: string
      times: number
      raisedAt: string
      lastAt: string
      acknowledgedAt: string | null
      acknowledgedBy: string | null
      note: string | null
      resolvedAt: string | null
      resolution: string | null
      /** When it is tried again, by another attempt or the job's next occurrence. */
      nextAt: string | null
      /** Its place in the order of changes. */
      change: number
    }
    Attempt: {
      attempt: string
      run: string
      job: string
      exchange: string
      realm: 'live' | 'test'
      partner: string
      /** Everything, or what changed since the last attempt that was done. */
      extract: 'full' | 'changes'
      origin: 'schedule' | 'now' | 'partner'
      number: number
      state: 'offered' | 'taken' | 'extracting' | 'uploading' | 'received' | 'processing' | 'done' | 'failed' | 'timed-out' | 'cancelled'
      code: string | null
      reason: string | null
      /** Login of the agent that took it. */
      account: string | null
      offeredAt: string
      takenAt: string | null
      extractingAt: string | null
      uploadingAt: string | null
      receivedAt: string | null
      processingAt: string | null
      closedAt: string | null
      arriveBy: string
      records: number
      bytes: number
      bytesOf: number | null
      /** The submission that its file became. */
      tracking: string | null
      /** SHA-256 of the log of its failure. */
      errorLog: string | null
    }
    Attention: {
      /** Jobs that do not go well. */
      alerts: ({
        alert: number
        kind: 'failed' | 'timed-out' | 'limit'
        job: string
        exchange: string
        partner: string
        run: string
        attempt: string
        code: string | null
        message: string
        times: number
        lastAt: string
        acknowledgedAt?: string | null
      })[]
      /** Held for a person, refused, or broken off. */
      submissions: ({
        tracking: string
        exchange: string
        partner: string
        state: 'held' | 'incomplete' | 'refused'
        reason: string | null
        fileName: string
        receivedAt: string
      })[]
      /** Records that stand with errors. */
      records: ({
        exchange: string
        type: string
        count: number
        partners: number
      })[]
      /** Files of the file server and places. */
      files: {
        refused: number
        held: number
      }
      workItems: {
        count: number
        dueOn: string | null
      }
      /** Refused and incomplete deliveries are told of since then. */
      since: string
    }
    AuditLine: {
      entry: number
      at: string
      /** The id of the account; null where nobody was signed in. */
      account: string | null
      /** Its name. */
      login: string | null
      partner: string | null
      /** A call of this API, or what happened, in words. */
      action: string
      /** What it was about. */
      target: string
      /** As HTTP has it: from 400 on it was refused or did not work. */
      status: number
      /** Number of the request, as problems and the log of the node have it. */
      request: string
      address: string
      /** A seal covers it. */
      sealed: boolean
    }
    AuditVerdict: {
      ok: boolean
      /** That were checked and found good. */
      seals: number
      /** Lines that they cover. */
      entries: number
      /** Lines of the last moments that no seal covers yet. */
      unsealed: number
      /** Note it elsewhere: a log that is cut short later is found out by it. */
      head: string
      /** The first thing that is not as it was sealed. */
      bad: {
        seal: number
        entry: number | null
        reason: string
      } | null
    }
    BulkStatus: {
      /** When this node last looked at all folders. */
      lastScanAt: string | null
      /** Those that are not done, by state. */
      intakes: { [name: string]: number }
      /** Files in them, by state. */
      files: { [name: string]: number }
      /** Intakes that do not get on, and why. */
      troubles: ({ [name: string]: unknown })[]
      /** Files that were not picked up yet, by mailbox. */
      waiting: ({ [name: string]: unknown })[]
      places: ({ [name: string]: unknown })[]
      mail: {
        queued?: number
        /** Of the queued ones: to addresses that were refused. */
        paused?: number
        bounced?: number
        givenUp?: number
        oldest?: string | null
      }
    }
    Calendar: {
      calendar: string
      title: string
      exceptions: ({
        from: string
        /** The last day, included. */
        until: string
        reason: string
      })[]
      changedAt: string
    }
    Candidate: {
      candidate: number
      exchange: string
      fileName: string
      /** Of the definition; empty where the files make none. */
      hash: string
      state: 'wrong' | 'checked' | 'coming' | 'in-force' | 'past' | 'withdrawn'
      problems: ({
        file: string
        line: number
        column: number
        code: string
        message: string
        fix: string
      })[]
      uploadedBy: string
      uploadedAt: string
      shadow: {
        state: 'running' | 'done' | 'failed' | 'broken-off'
        realm: 'live' | 'test'
        /** Documents that it takes. */
        wanted: number
        askedBy: string
        askedAt: string
        endedAt: string | null
        failure: string | null
        againstHash: string
        result: {
          /** Documents dealt with so far. */
          submissions: number
          records: number
          /** Records of which another thing would become. */
          different: number
          /** By what is in force. */
          before: {
            received: number
            created: number
            updated: number
            unchanged: number
            deleted: number
            rejected: number
            filtered: number
            withErrors: number
          }
          /** By the version. */
          after: {
            received: number
            created: number
            updated: number
            unchanged: number
            deleted: number
            rejected: number
            filtered: number
            withErrors: number
          }
          /** Those that spoke another number of times, the greatest changes first. */
          rules: ({
            code: string
            field: string
            severity: 'fatal' | 'error' | 'warning' | 'info'
            message: string
            before: number
            after: number
          })[]
          /** The first 200 records of which another thing would become; null: there is no such record. */
          examples: ({
            tracking: string
            position: number
            type: string
            key: string | null
            before: {
              outcome: 'created' | 'updated' | 'unchanged' | 'deleted' | 'rejected' | 'filtered'
              codes: (string)[]
            } | null
            after: {
              outcome: 'created' | 'updated' | 'unchanged' | 'deleted' | 'rejected' | 'filtered'
              codes: (string)[]
            } | null
          })[]
          /** Documents that one of the two could not read to its end, and why. */
          unread: ({
            tracking: string
            before: string | null
            after: string | null
          })[]
        }
      } | null
      activateAt: string | null
      activatedBy: string | null
      reason: string | null
      withdrawnAt: string | null
      withdrawnBy: string | null
      withdrawnReason: string | null
    }
    Contact: {
      contact: number
      partner: string
      /** `*`: every exchange. */
      exchange: string
      address: string
      frequency: 'at-once' | 'hourly' | 'daily' | 'weekly'
      language: string
      createdAt: string
      /** When the address was refused for good; nothing is sent to it since. */
      bouncedAt: string | null
      bounceReason: string | null
    }
    Counts: {
      received: number
      created: number
      updated: number
      unchanged: number
      deleted: number
      rejected: number
      filtered: number
      removed: number
      cascaded: number
      withErrors: number
      translated: number
    }
    DayOfActivity: {
      day: string
      submissions: number
      received: number
      created: number
      updated: number
      unchanged: number
      deleted: number
      rejected: number
      filtered: number
      withErrors: number
    }
    Difference: {
      place: string
      change: 'added' | 'removed' | 'changed'
      before: string | null
      after: string | null
    }
    Draft: {
      draft: string
      title: string
      exchange: string
      realm: 'live' | 'test'
      type: string
      /** The stored record that it is to correct. */
      recordId: string | null
      createdAt: string
      updatedAt: string
      /** When it is removed, unless it is saved again. */
      removedOn: string
      body: { [name: string]: unknown }
    }
    DraftHead: {
      draft: string
      title: string
      exchange: string
      realm: 'live' | 'test'
      type: string
      /** The stored record that it is to correct. */
      recordId: string | null
      createdAt: string
      updatedAt: string
      /** When it is removed, unless it is saved again. */
      removedOn: string
    }
    DuplicatePair: {
      type: string
      /** The fields that tell duplicates. */
      fields: (string)[]
      first: components['schemas']['Record']
      second: components['schemas']['Record']
    }
    FaultyRecord: {
      recordId: string
      partner: string
      key: string
      version: number
      /** Tracking number of what it came with. */
      submission: string
      position: number
      updatedAt: string
      findings: (components['schemas']['Finding'])[]
    }
    FilePolicy: {
      partner: string
      exchange: string
      mustEncrypt: boolean
      mustSign: boolean
    }
    FileServer: {
      available: boolean
      host: string | null
      port: number | null
      /** Of its keys, as clients show them. */
      fingerprints: (string)[]
      /** Those keys. */
      keys: ({
        kind?: string
        fingerprint?: string
        publicKey?: string
      })[]
      /** Keys that will take their place: let your program know them too. */
      nextKeys: ({
        kind?: string
        fingerprint?: string
        publicKey?: string
      })[]
      /** Of whom the rest is said. */
      account: string
      /** May the account sign in to it? */
      mayConnect: boolean
      folders: ({
        exchange?: string
        realm?: 'live' | 'test'
        input?: (string)[]
        output?: string
        archive?: string
      })[]
    }
    Finding: {
      code: string
      severity: 'fatal' | 'error' | 'warning' | 'info'
      /** Where in the record, with 1-based item numbers. */
      path: string
      /** The name the field has on the wire. */
      field: string
      item: number | null
      message: string
      /** As sent, cut to 200 characters. */
      value: string | null
    }
    FoundFinding: {
      code: string
      severity: 'fatal' | 'error' | 'warning' | 'info'
      /** Where in the record, with 1-based item numbers. */
      path: string
      /** The name the field has on the wire. */
      field: string
      item: number | null
      message: string
      /** As sent, cut to 200 characters. */
      value: string | null
      /** 1-based place of the record in the submission. */
      position: number
      key: string | null
    }
    HostKey: {
      /** `SHA256:…`, as clients show it at the first visit. */
      fingerprint?: string
      kind?: string
      /** One line, as in a `known_hosts` file after the host. */
      publicKey?: string
      /** `next`: it takes the place of the one in use when that is retired. */
      state?: 'in use' | 'next' | 'retired'
      /** Does this node show it to clients now? */
      shown?: boolean
      createdAt?: string
      retiredAt?: string | null
    }
    IdentityProvider: {
      name: string
      /** As the button of the sign-in page names it. */
      title: string
      issuer: string
      clientId: string
      hasSecret: boolean
      scopes: (string)[]
      /** What of a person says who they are, until their first sign-in. */
      claim: string
      /** Whose people it serves; null: everybody's. */
      partner: string | null
      /** It asks for a second factor itself: none is asked for here then. */
      provesSecondFactor: boolean
      /** To be registered at the provider. */
      redirectUri: string
    }
    Intake: {
      intake: string
      partner: string
      exchange: string
      realm: 'live' | 'test'
      /** Empty: the folders of the file server. */
      place: string
      kind: 'files' | 'calls'
      state: 'gathering' | 'checking' | 'processing' | 'reporting' | 'done'
      openedAt: string
      gatheredAt: string | null
      closedAt: string | null
      /** Why it does not get on. */
      lastError: string | null
      files: number
      bytes: number
      /** Files by state. */
      byState: { [name: string]: number }
      /** Records in the files that were processed. */
      total: number
      success: number
      /** Records with errors, rejected ones included. */
      errors: number
      calls: number
    }
    IntakeFile: {
      intake: string
      /** Identity of this upload. */
      file: string
      name: string
      folder: string
      bytes: number
      /** Size of what was sealed in it. */
      contentBytes: number | null
      sha256: string | null
      modifiedAt: string
      takenAt: string
      account: string
      state: 'taken' | 'refused' | 'held' | 'submitted' | 'done' | 'discarded'
      /** Why it was refused or is held. */
      code: string | null
      reason: string | null
      /** The submission that its records are in. */
      tracking: string | null
      /** Its name there, when it is one of many. */
      member: string
      format: string | null
      total: number
      success: number
      errors: number
      processedAt: string | null
      /** Its name in the archive folder while it is there. */
      archived: string | null
    }
    IntakeReport: {
      intake: string
      name: string
      kind: 'errors' | 'log' | 'log-csv' | 'summary-csv' | 'summary-xml' | 'receipt'
      contentType: string
      sha256: string
      size: number
      /** When it was put into the output folder. */
      writtenAt: string | null
    }
    Invitation: {
      invitation: string
      /** The account that it becomes. */
      name: string
      partner: string
      address: string
      realms: ('live' | 'test')[]
      grants: ({
        /** `*`: every exchange. */
        exchange: string
        grants: ('submit' | 'validate' | 'read' | 'close' | 'delete' | 'release' | 'administer' | 'manage')[]
      })[]
      invitedBy: string
      state: 'open' | 'accepted' | 'expired' | 'withdrawn'
      createdAt: string
      expiresAt: string
      /** When it is made, and no mail brings it: shown this once, to be passed on. */
      link?: string | null
    }
    Job: {
      job: string
      title: string
      exchange: string
      realm: 'live' | 'test'
      /** Null: every partner with an account for an agent that may submit to the exchange. */
      partners: (string)[] | null
      /** Everything, or what changed since the last attempt that was done. */
      extract: 'full' | 'changes'
      /** Minute, hour, day of month, month, day of week; null: it runs only when told to. */
      cron: string | null
      /** Of the schedule, the window and the calendar. */
      zone: string
      /** Days on which it rests. */
      calendar: string | null
      /** Only then is work handed out; past midnight is possible. */
      window: {
        from: string
        until: string
      } | null
      /** Higher goes first. */
      priority: number
      /** From being taken until the file is here; and from being offered until it is taken. */
      arriveMinutes: number
      retryMinutes: number
      /** Attempts after the first. */
      retryLimit: number
      /** Occurrences that passed while no node ran: made up for by one run, or left out. */
      missed: 'once' | 'skip'
      /** When and how often partners may start it themselves; null: never. */
      ownStart: {
        hours?: {
          from: string
          until: string
        } | null
        perDayMax: number
        /** Of all partners together. */
        atOnceMax: number
      } | null
      paused: boolean
      pauseReason: string | null
      nextDue: string | null
      changedAt: string
      changedBy: string
    }
    Mail: {
      mail: string
      /** Null: the contact was removed since. */
      contact: number | null
      partner: string
      exchange: string
      recipient: string
      subject: string
      state: 'queued' | 'sent' | 'bounced' | 'given-up'
      attempts: number
      createdAt: string
      /** When it is tried next; null unless it is queued. */
      nextAt: string | null
      sentAt: string | null
      lastError: string | null
    }
    Me: {
      account: string
      name: string
      partner: string
      partnerTitle: string | null
      /** Belongs to the centre: sees every partner's data. */
      centre: boolean
      kind: 'person' | 'machine'
      realms: ('live' | 'test')[]
      channels?: ('rest' | 'sftp' | 'agent')[]
      grants: ({
        /** `*`: every exchange. */
        exchange: string
        grants: ('submit' | 'validate' | 'read' | 'close' | 'delete' | 'release' | 'administer' | 'manage')[]
      })[]
      /** Of a browser: when it ends, and after how long without use. */
      session: {
        endsAt: string
        idleSeconds: number
      } | null
      /** What must be done before anything else is possible. */
      next: 'second-factor' | null
    }
    Message: {
      /** Counts up within a partner's messages of a realm. */
      number: number
      exchange: string
      type: 'status-change' | 'data-change' | 'transfer' | 'work-item'
      recordType: string | null
      recordId: string | null
      key: string | null
      /** Id of the work item that it tells of. */
      workItem: string | null
      title: string
      createdAt: string
      clearedAt: string | null
      clearedBy: string | null
      /** What happened: names of the fields that changed, never their values. Only of one message. */
      body?: { [name: string]: unknown }
    }
    Note: {
      path?: string
      rule?: string
      from?: string
      to?: string
    }
    OutcomeEntry: {
      /** 1-based place of the record in the submission. */
      position: number
      line: number
      member: string
      type: string
      key: string | null
      recordId: string | null
      operation: string
      outcome: 'created' | 'updated' | 'unchanged' | 'deleted' | 'rejected' | 'filtered'
      status: 'submitted' | 'submitted-with-errors' | 'closed' | 'deleted' | null
      findings: (components['schemas']['Finding'])[]
      /** What rules changed in it before it was judged. */
      notes: (components['schemas']['Note'])[]
    }
    OwnSession: {
      session: string
      address: string
      /** What the browser says it is. */
      browser: string
      createdAt: string
      seenAt: string
      /** The one that asks. */
      current: boolean
    }
    Partner: {
      name: string
      title: string
      centre: boolean
      /** How the SDCS paths answer it. */
      profile: string | null
      /** Of its office, as `America/Los_Angeles`; null: not told. */
      timeZone: string | null
      /** Its people need a second factor to sign in. */
      secondFactor: boolean
      identifiers: ({
        scheme: string
        value: string
      })[]
    }
    Passkey: {
      passkey: string
      /** What its person calls it. */
      title: string
      createdAt: string
      usedAt: string | null
    }
    PgpKey: {
      /** Upper-case hex. */
      fingerprint: string
      /** Null: a key of ours for all partners. */
      partner: string | null
      purpose: 'theirs' | 'ours'
      userId: string
      addedAt: string
      expiresAt: string | null
      retiredAt: string | null
      /** ASCII armor. */
      publicKey: string
    }
    Place: {
      place?: string
      partner?: string
      settings?: {
        kind?: 'folder' | 's3'
        /** folder: an absolute path. */
        path?: string
        /** s3: address of the service. */
        endpoint?: string
        region?: string
        bucket?: string
        prefix?: string
        /** s3: where the bucket is named. */
        style?: 'path' | 'virtual'
        accessKeyId?: string
      }
      /** Are files picked up from it? */
      active?: boolean
      /** Why it could not be looked at, the last time. */
      lastError?: string | null
      seenAt?: string | null
    }
    Problem: {
      type: string
      title: string
      status: number
      detail: string
      instance: string
      code: string
      retry?: 'never' | 'later'
      errors?: ({
        pointer?: string
        detail?: string
      })[]
    }
    ProviderLink: {
      provider: string
      title: string
      /** What the provider's claim says of the person; null: it does not sign in by it. */
      person: string | null
      /** The person has signed in by it: the provider's lasting name of them (`sub`) counts alone. */
      bound: boolean
      usedAt: string | null
    }
    Reconciliation: {
      tracking?: string
      exchange?: string
      realm?: string
      partner?: string
      account?: string
      state?: string
      reason?: string | null
      fileName?: string
      receivedAt?: string
      closedAt?: string | null
      counts?: components['schemas']['Counts']
      /** Null until it is completed. */
      report?: {
        /** Every category is within its tolerance, and every key could be read. */
        met?: boolean
        /** Records of the file whose key could not be read. */
        unreadable?: number
        /** Records of the file that the centre would not take. */
        refused?: number
        fixOrder?: ('only-partner' | 'only-centre' | 'different' | 'repeated')[]
        categories?: ({
          category?: string
          title?: string
          types?: (string)[]
          partner?: number
          centre?: number
          same?: number
          differences?: { [name: string]: number }
          total?: number
          allowed?: number
          met?: boolean
        })[]
      } | null
    }
    Record: {
      recordId: string
      exchange: string
      realm: 'live' | 'test'
      type: string
      partner: string
      key: string
      status: 'submitted' | 'submitted-with-errors' | 'closed' | 'deleted' | null
      statusLabel: string
      version: number
      changeNo: number
      definitionVersion: string
      body: { [name: string]: unknown }
      findings: (components['schemas']['Finding'])[]
      submission: string
      position: number
      createdAt: string
      updatedAt: string
    }
    RecordDifference: {
      kind?: 'only-partner' | 'only-centre' | 'different' | 'repeated'
      category?: string
      type?: string
      key?: string
      recordId?: string | null
      /** Place of the record in the file. */
      position?: number | null
      fields?: (string)[]
    }
    RecordResult: {
      tracking: string
      /** The first answer to this idempotency key, again. */
      repeated: boolean
      position: number
      recordId: string | null
      key: string | null
      outcome: 'created' | 'updated' | 'unchanged' | 'deleted' | 'rejected' | 'filtered'
      status: 'submitted' | 'submitted-with-errors' | 'closed' | 'deleted' | null
      statusLabel: string | null
      version: number | null
      findings: (components['schemas']['Finding'])[]
      body: { [name: string]: unknown }
    }
    RefusedDuplicate: {
      tracking: string
      position: number
      partner: string
      key: string | null
      code: string
      message: string
      receivedAt: string
    }
    RefusedPair: {
      type: string
      /** The fields that tell duplicates. */
      fields: (string)[]
      refused: {
        tracking: string
        position: number
        key: string | null
        body: { [name: string]: unknown }
        findings: (components['schemas']['Finding'])[]
      }
      stored: components['schemas']['Record'] | null
    }
    RuleProblem: {
      /** The keys down to it, such as `types.voter.filters[1].drop`. */
      path?: string
      file?: string
      line?: number
      column?: number
      code?: string
      message?: string
      fix?: string
    }
    RuleSet: {
      exchange: string
      partner: string
      version: number
      state: 'in-effect' | 'coming' | 'past' | 'withdrawn'
      effectiveAt: string
      reason: string
      madeBy: string
      madeAt: string
      withdrawnAt: string | null
      withdrawnBy: string | null
      withdrawnReason: string | null
      /** The rules, YAML. Only where one version is asked for. */
      content?: string
    }
    RuleWithErrors: {
      code: string
      field: string
      /** An example. */
      message: string
      records: number
    }
    Run: {
      run: string
      job: string
      exchange: string
      realm: 'live' | 'test'
      partner: string
      /** Everything, or what changed since the last attempt that was done. */
      extract: 'full' | 'changes'
      origin: 'schedule' | 'now' | 'partner'
      startedBy: string | null
      dueAt: string
      state: 'scheduled' | 'offered' | 'taken' | 'extracting' | 'uploading' | 'received' | 'processing' | 'done' | 'failed' | 'timed-out' | 'cancelled'
      /** Why it waits, failed, or was cancelled. */
      reason: string | null
      attempts: number
      /** When its next attempt is offered. */
      nextAt: string | null
      /** Where it stands among all that wait. */
      place: number | null
      createdAt: string
      changedAt: string
      closedAt: string | null
    }
    RunDetail: {
      run: string
      job: string
      exchange: string
      realm: 'live' | 'test'
      partner: string
      /** Everything, or what changed since the last attempt that was done. */
      extract: 'full' | 'changes'
      origin: 'schedule' | 'now' | 'partner'
      startedBy: string | null
      dueAt: string
      state: 'scheduled' | 'offered' | 'taken' | 'extracting' | 'uploading' | 'received' | 'processing' | 'done' | 'failed' | 'timed-out' | 'cancelled'
      /** Why it waits, failed, or was cancelled. */
      reason: string | null
      attempts: number
      /** When its next attempt is offered. */
      nextAt: string | null
      /** Where it stands among all that wait. */
      place: number | null
      createdAt: string
      changedAt: string
      closedAt: string | null
      /** Its attempts, the first first. */
      history: (components['schemas']['Attempt'])[]
    }
    Scorecard: {
      exchange: string
      /** null: all together. */
      partner: string | null
      from: string
      to: string
      /** Records in this time. */
      received: number
      /** Of all rules. */
      all: {
        /** How many. */
        findings: number
        /** For each 1,000 records; null without records. */
        rate: number | null
        /** Of the other partners; null where fewer than three sent anything. */
        median: number | null
      }
      /** Every month of the time, all rules together. */
      months: ({
        month: string
        received: number
        /** How many. */
        findings: number
        /** For each 1,000 records; null without records. */
        rate: number | null
        /** Of the other partners; null where fewer than three sent anything. */
        median: number | null
      })[]
      /** What was found at all, the most frequent first. */
      rules: ({
        code: string
        severity: 'fatal' | 'error' | 'warning' | 'info'
        /** What it says of one of the records. */
        message: string
        /** How many. */
        findings: number
        /** For each 1,000 records; null without records. */
        rate: number | null
        /** Of the other partners; null where fewer than three sent anything. */
        median: number | null
        /** In the order of `months`. */
        months: ({
          /** How many. */
          findings: number
          /** For each 1,000 records; null without records. */
          rate: number | null
          /** Of the other partners; null where fewer than three sent anything. */
          median: number | null
        })[]
      })[]
    }
    SecondFactor: {
      enrolled: boolean
      enrolledAt: string | null
      recoveryCodesLeft: number
      /** The partner asks its people for one. */
      required: boolean
    }
    Session: {
      /** The attempt's name, or the tracking number. */
      session: string
      kind: 'attempt' | 'submission'
      exchange: string
      realm: 'live' | 'test'
      partner: string
      account: string | null
      channel: string
      job: string | null
      run: string | null
      number: number | null
      extract: string
      state: string
      result: 'done' | 'failed' | 'timed-out' | 'cancelled' | null
      code: string | null
      reason: string | null
      at: string
      startedAt: string | null
      endedAt: string | null
      seconds: number | null
      bytes: number
      received: number
      /** created + updated + unchanged + deleted */
      accepted: number
      /** Filtered ones included. */
      rejected: number
      created: number
      updated: number
      unchanged: number
      deleted: number
      filtered: number
      translated: number
      removed: number
      withErrors: number
      tracking: string | null
      errorLog: string | null
      /** Where its log is: of the records, or of the failure. */
      log: string | null
    }
    SshKey: {
      /** `SHA256:…`, as `ssh-keygen -l` prints it. */
      fingerprint: string
      /** One line: kind and base64. */
      publicKey: string
      title: string
      addedAt: string
    }
    Submission: {
      tracking: string
      exchange: string
      realm: 'live' | 'test'
      partner: string
      account: string
      channel: string
      state: 'queued' | 'surveying' | 'held' | 'processing' | 'completed' | 'incomplete' | 'refused' | 'cancelled'
      reason: string | null
      scope: 'incremental' | 'refresh'
      dryRun: boolean
      /** There, and true, for a reconciliation. */
      reconcile: boolean
      fileName: string
      format: string | null
      documentSha256: string
      documentBytes: number
      /** Tracking number of an earlier submission of the same bytes. */
      repeats: string | null
      receivedAt: string
      startedAt: string | null
      closedAt: string | null
      counts: components['schemas']['Counts']
      progress: {
        records?: number
        share?: number | null
      }
      definitionHash: string
      /** Rule sets that were in effect for the sender when it was received. */
      rules: ({
        partner?: string
        version?: number
      })[]
      /** Submissions whose records this one corrects, as the markers of their error files say. */
      corrects: ({
        tracking?: string
        records?: number
      })[]
      /** Submissions with corrected records of this one. */
      correctedBy: ({
        tracking?: string
        records?: number
      })[]
      /** Signed paper (compact JWS), given when a document is taken in. */
      acknowledgement?: string
    }
    System: {
      version: string
      runtime: string
      startedAt: string
      uptimeSeconds: number
      database: {
        kind: 'postgres' | 'pglite'
        /** What is stored survives a power cut. */
        durable: boolean
        bytes: number
      }
      /** Where the data folder is; null: it cannot be told. */
      disk: {
        freeBytes: number
        totalBytes: number
      } | null
      /** Pieces of work that wait for a worker. */
      queued: number
      mail: {
        /** A mail server is set. */
        sending: boolean
        queued: number
        paused: number
        bounced: number
        givenUp: number
        oldest: string | null
      }
      fileServer: {
        host: string
        port: number
      } | null
      intakes: {
        open: number
        stuck: number
        lastScanAt: string | null
      }
      jobs: {
        openAlerts: number
        acknowledged: number
        silentAgents: number
        agents: number
      }
      exchanges: ({
        exchange: string
        title: string
        version: string
        hash: string
      })[]
      /** What is looked at, and how it stands. */
      checks: ({
        check: 'database' | 'disk' | 'queue' | 'mail' | 'file-server' | 'intakes' | 'jobs' | 'agents'
        /** `bad` needs somebody now, `warn` is to be known. */
        health: 'good' | 'warn' | 'bad'
        /** A word for how it stands. */
        state: string
        count: number | null
      })[]
    }
    Token: {
      access_token?: string
      token_type?: string
      expires_in?: number
    }
    Transfer: {
      transfer: number
      at: string
      partner: string | null
      account: string | null
      login: string
      address: string
      action: 'login' | 'upload' | 'download' | 'rename' | 'remove'
      path: string
      bytes: number
      ms: number
      result: string
    }
    TreeEntry: {
      name: string
      kind: 'folder' | 'file'
      bytes: number | null
      modifiedAt: string | null
      /** An upload that is going on, or broke off. */
      incomplete: boolean
    }
    Trend: {
      period: string
      partner: string
      exchange: string
      sessions: number
      done: number
      failed: number
      timedOut: number
      cancelled: number
      received: number
      /** created + updated + unchanged + deleted */
      accepted: number
      /** Filtered ones included. */
      rejected: number
      created: number
      updated: number
      unchanged: number
      deleted: number
      filtered: number
      translated: number
      bytes: number
      /** Of those that were done, on the average. */
      seconds: number | null
    }
    TriedRecord: {
      position?: number
      line?: number
      type?: string
      operation?: string
      key?: string | null
      result?: 'accepted' | 'with-errors' | 'rejected' | 'filtered'
      body?: { [name: string]: unknown }
      notes?: (components['schemas']['Note'])[]
      findings?: (components['schemas']['Finding'])[]
    }
    WorkItem: {
      item: string
      partner: string
      exchange: string
      realm: 'live' | 'test'
      kind: string
      recordType: string | null
      recordId: string | null
      key: string | null
      title: string
      body?: { [name: string]: unknown }
      /** Last day, by the clock of the exchange. */
      dueOn: string
      overdue: boolean
      madeBy: string
      madeAt: string
      state: 'open' | 'confirmed' | 'refused' | 'withdrawn'
      reason: string | null
      answeredBy: string | null
      answeredAt: string | null
    }
  }
}

export interface paths {
  "/.well-known/jwks.json": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Public keys that verify tokens, acknowledgements and receipts */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { [name: string]: unknown } } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/health": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Is the node up, and does it keep what it is given? */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { [name: string]: unknown } } }
        503: { headers: { [name: string]: unknown }; content: { "application/json": { [name: string]: unknown } } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/sdcs/{exchange}/{type}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    /** Update a record that was submitted with errors, or close it */
    put: {
      parameters: { query?: { realm?: 'live' | 'test' }; header?: { ori?: string; browsertype?: string; resourcetype?: string; callingapplication?: string; dojrecordid?: string; prefer?: string }; path: { exchange: string; type: string }; cookie?: never }
      requestBody: { content: { "application/json": unknown; "application/xml": unknown } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
        304: { headers: { [name: string]: unknown }; content: { "application/json": unknown } }
        400: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
        403: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
        404: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
        405: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
        409: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
        500: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
        503: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
      }
    }
    /** Insert a record */
    post: {
      parameters: { query?: { realm?: 'live' | 'test' }; header?: { ori?: string; browsertype?: string; resourcetype?: string; callingapplication?: string; dojrecordid?: string; prefer?: string }; path: { exchange: string; type: string }; cookie?: never }
      requestBody: { content: { "application/json": unknown; "application/xml": unknown } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
        304: { headers: { [name: string]: unknown }; content: { "application/json": unknown } }
        400: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
        403: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
        404: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
        405: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
        409: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
        500: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
        503: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/sdcs/{exchange}/{type}/findings/{tracking}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** The findings of one call, which a 304 cannot carry */
    get: {
      parameters: { query?: never; header?: never; path: { exchange: string; type: string; tracking: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
        404: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          }; "application/xml": {
            /** False: fatal, nothing was stored. */
            MandatoryValidationFlag?: boolean
            Status?: 'success' | 'failed'
            BatchID?: string
            LEARecordID?: string
            ORI?: string
            OfficerUID?: string
            Proxy?: string
            StopDate?: string
            StopTime?: string
            /** Absent when nothing was stored. */
            DOJRecordID?: string
            Messages?: ({
              Code?: string
              Field?: string
              Message?: string
              /** Null: the stop as a whole. */
              PersonNumber?: number | null
            })[]
          } } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/accounts": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Accounts, of all partners or one; to an administrator of a partner, its own */
    get: {
      parameters: { query?: { partner?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Account'])[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    /** Open an account, which may do nothing yet */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            name: string
            partner: string
            kind: 'person' | 'machine'
            realms?: ('live' | 'test')[]
          } } }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Account'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/accounts/{name}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** One account, never with a secret */
    get: {
      parameters: { query?: never; header?: never; path: { name: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Account'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    /** Close an account; its tokens stop working */
    delete: {
      parameters: { query?: never; header?: never; path: { name: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    patch?: never
    head?: never
  }
  "/v1/accounts/{name}/certificates": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Client certificates that sign an account in */
    get: {
      parameters: { query?: never; header?: never; path: { name: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (string)[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/accounts/{name}/certificates/{fingerprint}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    /** Bind a client certificate to an account, by its SHA-256 fingerprint */
    put: {
      parameters: { query?: never; header?: never; path: { name: string; fingerprint: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    post?: never
    /** Take a client certificate from an account; it signs in no more */
    delete: {
      parameters: { query?: never; header?: never; path: { name: string; fingerprint: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    patch?: never
    head?: never
  }
  "/v1/accounts/{name}/channels": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    /** Say by which channels an account may come in: the API, the file server, as an agent, or none */
    put: {
      parameters: { query?: never; header?: never; path: { name: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            channels: ('rest' | 'sftp' | 'agent')[]
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Account'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/accounts/{name}/grants/{exchange}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    /** Say what an account may do in an exchange; what is not named is taken away */
    put: {
      parameters: { query?: never; header?: never; path: { name: string; exchange: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            grants: ('submit' | 'validate' | 'read' | 'close' | 'delete' | 'release' | 'administer' | 'manage')[]
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Account'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/accounts/{name}/identity-providers": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** By which providers of single sign-on an account signs in, and may */
    get: {
      parameters: { query?: never; header?: never; path: { name: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['ProviderLink'])[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/accounts/{name}/identity-providers/{provider}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    /** Let an account sign in by a provider, as whom the provider names so */
    put: {
      parameters: { query?: never; header?: never; path: { name: string; provider: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            person: string
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['ProviderLink'])[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    post?: never
    /** An account signs in by this provider no more */
    delete: {
      parameters: { query?: never; header?: never; path: { name: string; provider: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['ProviderLink'])[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    patch?: never
    head?: never
  }
  "/v1/accounts/{name}/realms": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    /** Say in which realms an account works; at the file server it sees the folders of these */
    put: {
      parameters: { query?: never; header?: never; path: { name: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            realms: ('live' | 'test')[]
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Account'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/accounts/{name}/resume": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Let a suspended account in again, with what it had */
    post: {
      parameters: { query?: never; header?: never; path: { name: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Account'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/accounts/{name}/second-factor": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    /** Take the second factor from an account whose person lost the means to use it */
    delete: {
      parameters: { query?: never; header?: never; path: { name: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Account'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    patch?: never
    head?: never
  }
  "/v1/accounts/{name}/secret": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Make a new secret, shown this once; the old one stops working */
    post: {
      parameters: { query?: never; header?: never; path: { name: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            clientId: string
            clientSecret: string
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/accounts/{name}/ssh-keys": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Keys that sign an account in to the file server; an account may see its own */
    get: {
      parameters: { query?: never; header?: never; path: { name: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['SshKey'])[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    /** Give an account a key for the file server */
    post: {
      parameters: { query?: never; header?: never; path: { name: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            publicKey: string
            /** The key's own comment when left out. */
            title?: string
          } } }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['SshKey'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/accounts/{name}/ssh-keys/{fingerprint}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    /** Take a key from an account */
    delete: {
      parameters: { query?: never; header?: never; path: { name: string; fingerprint: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    patch?: never
    head?: never
  }
  "/v1/accounts/{name}/suspend": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Let an account rest: it signs in no more, and its tokens and sessions are good no more */
    post: {
      parameters: { query?: never; header?: never; path: { name: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Account'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/accounts/{name}/unlock": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** After many wrong passwords or codes: it need not wait */
    post: {
      parameters: { query?: never; header?: never; path: { name: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Account'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/activity": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** What was received, by day */
    get: {
      parameters: { query?: { realm?: 'live' | 'test'; exchange?: string; days?: number; zone?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            from: string
            to: string
            items: (components['schemas']['DayOfActivity'])[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/agent/attempts/{attempt}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** What became of an attempt */
    get: {
      parameters: { query?: never; header?: never; path: { attempt: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { [name: string]: unknown } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/agent/attempts/{attempt}/failure": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Tell that an attempt failed, with its log */
    post: {
      parameters: { query?: never; header?: never; path: { attempt: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            code: string
            message: string
            /** Diagnostics; no personal data. */
            log: string
            records: number
            at: string
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { [name: string]: unknown } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/agent/attempts/{attempt}/progress": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Tell how far an attempt is, and keep it */
    post: {
      parameters: { query?: never; header?: never; path: { attempt: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            state: 'extracting' | 'uploading'
            records: number
            bytes: number
            bytesOf?: number | null
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            leaseSeconds?: number
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/agent/attempts/{attempt}/upload": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Announce an upload, or ask where it stands */
    post: {
      parameters: { query?: never; header?: never; path: { attempt: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            bytes: number
            sha256: string
            fileName: string
            contentType: string
            records: number
            /** Where the next extract of changes begins, in words of the agent; given back as `since`. */
            marker: string | null
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            offset?: number
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    /** Send bytes of the upload */
    patch: {
      parameters: { query?: never; header?: never; path: { attempt: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            offset?: number
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        507: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    head?: never
  }
  "/v1/agent/attempts/{attempt}/upload/complete": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** The upload is whole */
    post: {
      parameters: { query?: never; header?: never; path: { attempt: string }; cookie?: never }
      requestBody: { content: { "application/json": { [name: string]: unknown } | null } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { [name: string]: unknown } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        422: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/agent/next": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Ask for work */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            version: string
            health: {
              ok: boolean
              freeBytes: number
              sources: ({
                name: string
                ok: boolean
              })[]
              since: string
            }
            /** What the agent could do now; leave out what it is busy with. */
            batches: ({
              exchange: string
              realm: 'live' | 'test'
            })[]
            waitSeconds?: number
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { [name: string]: unknown } } }
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        503: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/agents": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Agents: version, health, and when they last asked for work */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Agent'])[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/alerts": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Jobs that do not go well */
    get: {
      parameters: { query?: { limit?: number; after?: string; exchange?: string; job?: string; open?: boolean }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Alert'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/alerts/stream": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Alerts as server-sent events */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "text/event-stream": string } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/alerts/{alert}/acknowledge": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Say that you look after it */
    post: {
      parameters: { query?: never; header?: never; path: { alert: number }; cookie?: never }
      requestBody: { content: { "application/json": {
            note?: string
          } | null } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Alert'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/attempts": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Attempts of runs */
    get: {
      parameters: { query?: { limit?: number; after?: string; partner?: string; exchange?: string; job?: string; run?: string; state?: 'offered' | 'taken' | 'extracting' | 'uploading' | 'received' | 'processing' | 'done' | 'failed' | 'timed-out' | 'cancelled' }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Attempt'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/attempts/{attempt}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** One attempt: its states, times, progress and reason */
    get: {
      parameters: { query?: never; header?: never; path: { attempt: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Attempt'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/attempts/{attempt}/log": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** What the agent wrote about its failure */
    get: {
      parameters: { query?: never; header?: never; path: { attempt: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "text/plain": string } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/attention": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** What needs a person */
    get: {
      parameters: { query?: { realm?: 'live' | 'test'; exchange?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Attention'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/audit": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Who did what, the newest first */
    get: {
      parameters: { query?: { who?: string; partner?: string; action?: string; target?: string; from?: string; until?: string; kind?: 'all' | 'changes' | 'refused'; limit?: number; after?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['AuditLine'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/audit/verify": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Is the audit log as it was sealed? */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            head?: string
          } | null } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['AuditVerdict'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/authenticate": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** A token for a name and a password */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            account: string
            password: string
            code?: string
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Token'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/calendars": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Calendars */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Calendar'])[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/calendars/{calendar}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** One calendar */
    get: {
      parameters: { query?: never; header?: never; path: { calendar: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Calendar'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    /** Make a calendar, or change its days; jobs that use it follow */
    put: {
      parameters: { query?: never; header?: never; path: { calendar: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            title: string
            exceptions: ({
              from: string
              /** The last day, included. */
              until: string
              reason: string
            })[]
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Calendar'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    post?: never
    /** Remove a calendar that no job uses */
    delete: {
      parameters: { query?: never; header?: never; path: { calendar: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    patch?: never
    head?: never
  }
  "/v1/codes/{exchange}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** The code lists of an exchange */
    get: {
      parameters: { query?: never; header?: never; path: { exchange: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: ({
              list: string
              title: string
              values: number
              /** Kept as data, and not stated by the definition. */
              imported: boolean
              importedAt: string | null
              /** Paths that begin with the record type. */
              fields: (string)[]
            })[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/codes/{exchange}/{list}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** The codes of a list */
    get: {
      parameters: { query?: { search?: string; limit?: number; after?: string }; header?: never; path: { exchange: string; list: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: ({
              code: string
              label: string
              from: string | null
              until: string | null
            })[]
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    /** Import a code list */
    put: {
      parameters: { query?: never; header?: never; path: { exchange: string; list: string }; cookie?: never }
      requestBody: { content: { "text/csv": unknown } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { [name: string]: unknown } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    post?: never
    delete?: never
    /** Edit entries of a code list */
    patch: {
      parameters: { query?: never; header?: never; path: { exchange: string; list: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            put?: ({
              code: string
              label: string
              /** First day on which it is good; null: always was. */
              from: string | null
              /** Last day; null: no end. */
              until: string | null
            })[]
            remove?: ({
              code: string
              from: string | null
            })[]
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            values: number
            added: number
            removed: number
            changed: number
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    head?: never
  }
  "/v1/codes/{exchange}/{list}/table.csv": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** A code list as CSV */
    get: {
      parameters: { query?: never; header?: never; path: { exchange: string; list: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "text/csv": string } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/codes/{exchange}/{list}/unmatched": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Values that were sent and are no code of the list */
    get: {
      parameters: { query?: { realm?: 'live' | 'test' }; header?: never; path: { exchange: string; list: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: ({
              value: string
              field: string
              count: number
              partners: (string)[]
            })[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/codes/{exchange}/{list}/versions": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** What was imported and edited, the newest first */
    get: {
      parameters: { query?: never; header?: never; path: { exchange: string; list: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: ({
              version: number
              importedBy: string
              importedAt: string
              values: number
              added: number
              removed: number
              changed: number
            })[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/crosswalks/{exchange}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** What partners' codes mean in ours */
    get: {
      parameters: { query?: never; header?: never; path: { exchange: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: ({
              name: string
              list: string
              fields: (string)[]
              partners: ({
                /** `*`: for all. */
                partner: string
                /** Their code → ours, by the definition. */
                stated: { [name: string]: string }
                /** By the rule set in effect; these go first. */
                ruled: { [name: string]: string }
              })[]
            })[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/crosswalks/{exchange}/{crosswalk}/{partner}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    /** Put what the codes of a partner mean */
    put: {
      parameters: { query?: never; header?: never; path: { exchange: string; crosswalk: string; partner: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            /** Their code → ours. */
            map: { [name: string]: string }
            /** Left out: at once. */
            effectiveAt?: string | null
            reason: string
          } } }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['RuleSet'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/drafts": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Your drafts, the latest first */
    get: {
      parameters: { query?: { limit?: number; after?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['DraftHead'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/drafts/{draft}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** One of your drafts */
    get: {
      parameters: { query?: never; header?: never; path: { draft: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Draft'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    /** Save a draft */
    put: {
      parameters: { query?: never; header?: never; path: { draft: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            title?: string
            /** Name of the exchange. */
            exchange: string
            /** Live data or test data; they never mix. */
            realm?: 'live' | 'test'
            /** Record type of the exchange. */
            type: string
            recordId?: string | null
            /** In canonical names, as far as it is. */
            body: { [name: string]: unknown }
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Draft'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    post?: never
    /** Throw a draft away */
    delete: {
      parameters: { query?: never; header?: never; path: { draft: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    patch?: never
    head?: never
  }
  "/v1/duplicates": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Stored records that are one, in pairs */
    get: {
      parameters: { query: { exchange: string; realm?: 'live' | 'test'; partner?: string; limit?: number; after?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['DuplicatePair'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/duplicates/refused": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Records that were refused as duplicates, the latest first */
    get: {
      parameters: { query: { exchange: string; realm?: 'live' | 'test'; partner?: string; limit?: number; after?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['RefusedDuplicate'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/duplicates/refused/{tracking}/{position}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** A refused record beside the stored one */
    get: {
      parameters: { query?: never; header?: never; path: { tracking: string; position: number }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['RefusedPair'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** The exchanges you take part in */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: ({
              exchange: string
              title: string
              description: string
              /** Time zone in which its days begin. */
              zone: string
              owner: 'partner' | 'centre'
              versions: ({
                name: string
                from: string | null
                until: string | null
              })[]
              hash: string
              types: (string)[]
              /** Record types that a person can fill in. */
              forms: ({
                type: string
                title: string
              })[]
              /** A document may be everything there is. */
              refreshAllowed: boolean
            })[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** One exchange: its record types, fields and operations */
    get: {
      parameters: { query?: never; header?: never; path: { exchange: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            papers: ({
              kind: 'reference' | 'template' | 'json-schema' | 'xml-schema'
              format: 'md' | 'xsd' | 'xlsx' | 'csv' | 'json' | 'xml'
              /** Of which record type; null: of all. */
              type: string | null
              href: string
            })[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/candidates": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Versions that were uploaded, the newest first */
    get: {
      parameters: { query?: never; header?: never; path: { exchange: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Candidate'])[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    /** Upload a new version */
    post: {
      parameters: { query?: never; header?: never; path: { exchange: string }; cookie?: never }
      requestBody: { content: { "application/zip": unknown } }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Candidate'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/candidates/{candidate}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** One version: its problems, and what its run in shadow found */
    get: {
      parameters: { query?: never; header?: never; path: { exchange: string; candidate: number }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Candidate'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/candidates/{candidate}/activate": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Put it in force, now or at a time */
    post: {
      parameters: { query?: never; header?: never; path: { exchange: string; candidate: number }; cookie?: never }
      requestBody: { content: { "application/json": {
            /** Left out: at once. */
            at?: string | null
            /** Why, for those who come later. */
            reason: string
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Candidate'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/candidates/{candidate}/differences": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** What differs from the definition in force */
    get: {
      parameters: { query?: { limit?: number; after?: string }; header?: never; path: { exchange: string; candidate: number }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Difference'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/candidates/{candidate}/shadow": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Run it in shadow against past documents */
    post: {
      parameters: { query?: never; header?: never; path: { exchange: string; candidate: number }; cookie?: never }
      requestBody: { content: { "application/json": {
            /** Live data or test data; they never mix. */
            realm?: 'live' | 'test'
            /** Of the newest so many. */
            last?: number
            /** Received from then on. */
            from?: string | null
            /** Received before. */
            until?: string | null
          } } }
      responses: {
        202: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Candidate'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/candidates/{candidate}/withdraw": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Withdraw a version that is in force or is to be */
    post: {
      parameters: { query?: never; header?: never; path: { exchange: string; candidate: number }; cookie?: never }
      requestBody: { content: { "application/json": {
            /** Why, for those who come later. */
            reason: string
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Candidate'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/definition": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** The compiled definition, to check records with the same code as the node */
    get: {
      parameters: { query?: { partner?: string }; header?: never; path: { exchange: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { [name: string]: unknown } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        503: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/interactive": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** One call in XML, answered in XML */
    post: {
      parameters: { query?: never; header?: never; path: { exchange: string }; cookie?: never }
      requestBody: { content: { "application/xml": unknown; "text/xml": unknown } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/xml": string } }
        422: { headers: { [name: string]: unknown }; content: { "application/xml": string } }
        default: { headers: { [name: string]: unknown }; content: { "application/xml": string } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/interactive.xsd": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** XML Schema of the calls, made from the definition */
    get: {
      parameters: { query?: never; header?: never; path: { exchange: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/xml": string } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/records/{type}/{key}/documents/{field}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** A document of a record */
    get: {
      parameters: { query?: { realm?: 'live' | 'test'; partner?: string }; header?: never; path: { exchange: string; type: string; key: string; field: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "image/gif": string; "image/tiff": string; "image/jpeg": string; "application/pdf": string } }
        304: { headers: { [name: string]: unknown }; content: { "application/json": unknown } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/records/{type}/{key}/transfer": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Give a record, with its history, to another owner */
    post: {
      parameters: { query?: never; header?: never; path: { exchange: string; type: string; key: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            /** Whose record it is. */
            from: string
            /** Whose it becomes. */
            to: string
            /** Live data or test data; they never mix. */
            realm?: 'live' | 'test'
            reason: string
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            left?: string
            came?: string
            recordId?: string
            key?: string
            others?: number
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/reference.md": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** The exchange as a readable page, Markdown */
    get: {
      parameters: { query?: never; header?: never; path: { exchange: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "text/markdown": string } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/rules/try": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Try one rule on pasted records, without storing anything */
    post: {
      parameters: { query?: never; header?: never; path: { exchange: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            /** CEL; must hold. */
            rule: string
            /** CEL; only where this holds. */
            when?: string | null
            /** A list whose items are tried one by one, as `it`. */
            each?: string | null
            /** Record type of the exchange. */
            type?: string
            /** Records as they would be sent. */
            data: string
            fileName?: string
            limit?: number
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** What is wrong with the rule itself; nothing was tried then. */
            problem: {
              part: 'rule' | 'when' | 'each'
              message: string
              line: number
              column: number
            } | null
            counts: {
              received: number
              holds: number
              fails: number
              skipped: number
            }
            records: ({
              position: number
              key: string | null
              /** `skipped`: its condition is not met, its list is empty, or a field that it reads could not be read. */
              result: 'holds' | 'fails' | 'skipped'
              /** Where it fails. */
              places: (string)[]
              /** What else would be found in the record. */
              findings: ({
                code: string
                message: string
              })[]
            })[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/schema.json": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** JSON Schema of a record, in native names */
    get: {
      parameters: { query?: { type?: string }; header?: never; path: { exchange: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/schema+json": string } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/submissions": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Submissions of one exchange */
    get: {
      parameters: { query?: { limit?: number; after?: string; state?: 'queued' | 'surveying' | 'held' | 'processing' | 'completed' | 'incomplete' | 'refused' | 'cancelled'; realm?: 'live' | 'test'; partner?: string; kind?: 'documents' | 'records'; withErrors?: boolean; from?: string; until?: string; text?: string }; header?: never; path: { exchange: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Submission'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    /** Send a document */
    post: {
      parameters: { query?: { scope?: 'incremental' | 'refresh'; dryRun?: boolean; reconcile?: boolean; realm?: 'live' | 'test'; partner?: string }; header?: { 'x-file-name'?: string; 'idempotency-key'?: string }; path: { exchange: string }; cookie?: never }
      requestBody: { content: { "application/octet-stream": unknown; "text/csv": unknown; "application/json": unknown; "application/xml": unknown; "application/zip": unknown } }
      responses: {
        202: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Submission'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        503: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/template.csv": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** A file to start from, CSV */
    get: {
      parameters: { query?: { type?: string }; header?: never; path: { exchange: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "text/csv": string } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/template.json": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** A file to start from, JSON */
    get: {
      parameters: { query?: { type?: string }; header?: never; path: { exchange: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": string } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/template.xlsx": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** A file to start from, XLSX */
    get: {
      parameters: { query?: { type?: string }; header?: never; path: { exchange: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/template.xml": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** A file to start from, XML */
    get: {
      parameters: { query?: { type?: string }; header?: never; path: { exchange: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/xml": string } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/{type}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Search records */
    get: {
      parameters: { query?: { limit?: number; after?: string; realm?: 'live' | 'test'; status?: 'submitted' | 'submitted-with-errors' | 'closed' | 'deleted'; key?: string; text?: string; changedSince?: number; partner?: string; order?: 'changed' | 'newest' }; header?: never; path: { exchange: string; type: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Record'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    /** Send one record */
    post: {
      parameters: { query?: { realm?: 'live' | 'test'; partner?: string; names?: 'native' | 'wire' }; header?: { 'if-match'?: string; 'idempotency-key'?: string }; path: { exchange: string; type: string }; cookie?: never }
      requestBody: { content: { "application/json": unknown; "application/xml": unknown } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['RecordResult'] } }
        201: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['RecordResult'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        415: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        422: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        503: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/{type}/deleted": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** What was deleted since a change number */
    get: {
      parameters: { query?: { since?: number; limit?: number; realm?: 'live' | 'test' }; header?: never; path: { exchange: string; type: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items?: ({ [name: string]: unknown })[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/{type}/export": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Download the records that a search finds */
    get: {
      parameters: { query?: { format?: 'csv' | 'xlsx' | 'json' | 'xml'; realm?: 'live' | 'test'; status?: 'submitted' | 'submitted-with-errors' | 'closed' | 'deleted'; key?: string; text?: string; changedSince?: number; partner?: string; order?: 'changed' | 'newest' }; header?: never; path: { exchange: string; type: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "text/csv": string; "application/json": string; "application/xml": string } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/{type}/validate": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Validate one record, storing nothing */
    post: {
      parameters: { query?: { checks?: 'fields' | 'relations' | 'both'; names?: 'native' | 'wire'; partner?: string }; header?: never; path: { exchange: string; type: string }; cookie?: never }
      requestBody: { content: { "application/json": unknown; "application/xml": unknown } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** Neither fatal findings nor errors. */
            valid?: boolean
            checks?: string
            version?: string
            record?: { [name: string]: unknown }
            body?: { [name: string]: unknown }
            findings?: (components['schemas']['Finding'])[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        415: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/{type}/with-errors": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Records that stand with errors, with their findings */
    get: {
      parameters: { query?: { realm?: 'live' | 'test'; code?: string; limit?: number; after?: string }; header?: never; path: { exchange: string; type: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['FaultyRecord'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/{type}/with-errors/rules": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** The rules that records stand with errors of */
    get: {
      parameters: { query?: { realm?: 'live' | 'test' }; header?: never; path: { exchange: string; type: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['RuleWithErrors'])[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/{type}/{id}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** One record, now or as it was */
    get: {
      parameters: { query?: { asOf?: string }; header?: never; path: { exchange: string; type: string; id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Record'] } }
        304: { headers: { [name: string]: unknown }; content: { "application/json": unknown } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    /** Replace a record */
    put: {
      parameters: { query?: { partner?: string; names?: 'native' | 'wire' }; header?: { 'if-match'?: string; 'idempotency-key'?: string }; path: { exchange: string; type: string; id: string }; cookie?: never }
      requestBody: { content: { "application/json": unknown } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['RecordResult'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        412: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        415: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        422: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        503: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    post?: never
    /** Delete a record; its history stays */
    delete: {
      parameters: { query?: { partner?: string }; header?: { 'if-match'?: string; 'idempotency-key'?: string }; path: { exchange: string; type: string; id: string }; cookie?: never }
      requestBody: { content: { "application/json": unknown } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['RecordResult'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        412: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        415: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        422: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        503: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    /** Change some fields of a record (JSON merge patch, RFC 7396) */
    patch: {
      parameters: { query?: { partner?: string; names?: 'native' | 'wire' }; header?: { 'if-match'?: string; 'idempotency-key'?: string }; path: { exchange: string; type: string; id: string }; cookie?: never }
      requestBody: { content: { "application/merge-patch+json": unknown } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['RecordResult'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        412: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        415: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        422: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        503: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    head?: never
  }
  "/v1/exchanges/{exchange}/{type}/{id}/close": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Close a record: nothing more will be known */
    post: {
      parameters: { query?: { partner?: string }; header?: { 'if-match'?: string; 'idempotency-key'?: string }; path: { exchange: string; type: string; id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['RecordResult'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        412: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        415: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        422: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        503: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/{type}/{id}/history": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Every version of a record */
    get: {
      parameters: { query?: never; header?: never; path: { exchange: string; type: string; id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: ({
              version: number
              changeNo?: number
              operation: string
              status: 'submitted' | 'submitted-with-errors' | 'closed' | 'deleted'
              /** Tracking number of the submission that made it. */
              submission: string
              /** Place of the record in that. */
              position: number
              /** Who sent it. */
              partner: string | null
              /** Name of the account that sent it. */
              account: string | null
              channel?: string | null
              /** The centre sent it, in the partner's name. */
              byCentre: boolean
              /** Why, where that was said. */
              reason: string | null
              at: string
              /** Empty where it was deleted. */
              body: { [name: string]: unknown }
            })[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/exchanges/{exchange}/{type}/{id}/rename": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Give a record another key (a JSON merge patch that says it); its former key still finds it */
    post: {
      parameters: { query?: { partner?: string; names?: 'native' | 'wire' }; header?: { 'if-match'?: string; 'idempotency-key'?: string }; path: { exchange: string; type: string; id: string }; cookie?: never }
      requestBody: { content: { "application/merge-patch+json": unknown } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['RecordResult'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        412: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        415: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        422: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        503: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/file-server": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Where the file server is, its keys, and the folders that you find there */
    get: {
      parameters: { query?: { account?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['FileServer'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/host-keys": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** The keys by which clients know the file server, those to come and retired ones among them */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['HostKey'])[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    /** Make keys of the file server beside those in use, for partners to be told of */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            /** One of each kind when left out. */
            kind?: 'ssh-ed25519' | 'ecdsa-sha2-nistp256'
          } } }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['HostKey'])[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/host-keys/{fingerprint}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    /** Retire a key of the file server; it is shown until the node is started again */
    delete: {
      parameters: { query?: never; header?: never; path: { fingerprint: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    patch?: never
    head?: never
  }
  "/v1/identity-providers": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Providers of single sign-on, by title */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['IdentityProvider'])[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    /** Add a provider of single sign-on (OpenID Connect) */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            name: string
            title: string
            issuer: string
            clientId: string
            /** Never shown again. Null: a client without one. */
            clientSecret?: string | null
            /** `openid` is always asked for. */
            scopes?: (string)[]
            /** What of a person says who they are, until their first sign-in. */
            claim?: string
            /** Whose people it serves; null: everybody's. */
            partner?: string | null
            provesSecondFactor?: boolean
          } } }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['IdentityProvider'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/identity-providers/{provider}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    /** Remove a provider: nobody signs in by it any more */
    delete: {
      parameters: { query?: never; header?: never; path: { provider: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    /** Change a provider; what is left out stays */
    patch: {
      parameters: { query?: never; header?: never; path: { provider: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            title?: string
            issuer?: string
            clientId?: string
            /** Never shown again. Null: a client without one. */
            clientSecret?: string | null
            /** `openid` is always asked for. */
            scopes?: (string)[]
            /** What of a person says who they are, until their first sign-in. */
            claim?: string
            /** Whose people it serves; null: everybody's. */
            partner?: string | null
            provesSecondFactor?: boolean
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['IdentityProvider'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    head?: never
  }
  "/v1/intake-files/{file}/discard": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** End a held file: it is reported and archived, and nothing of it is processed */
    post: {
      parameters: { query?: never; header?: never; path: { file: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            reason?: string
          } | null } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['IntakeFile'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/intake-files/{file}/hold": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Keep a file that was picked up from going on */
    post: {
      parameters: { query?: never; header?: never; path: { file: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            reason?: string
          } | null } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['IntakeFile'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/intake-files/{file}/release": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Let a held file go on, without the checksum that it waits for */
    post: {
      parameters: { query?: never; header?: never; path: { file: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            reason?: string
          } | null } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['IntakeFile'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/intake-files/{file}/rerun": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Have a file picked up once more, from its original in the archive */
    post: {
      parameters: { query?: never; header?: never; path: { file: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            reason?: string
          } | null } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['IntakeFile'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/intakes": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Intakes: files that were picked up together */
    get: {
      parameters: { query?: { partner?: string; exchange?: string; realm?: 'live' | 'test'; state?: 'gathering' | 'checking' | 'processing' | 'reporting' | 'done'; limit?: number; after?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Intake'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/intakes/{intake}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** One intake and how far it is */
    get: {
      parameters: { query?: never; header?: never; path: { intake: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Intake'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/intakes/{intake}/files": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Its files and what became of each */
    get: {
      parameters: { query?: { state?: 'taken' | 'refused' | 'held' | 'submitted' | 'done' | 'discarded'; limit?: number; after?: string }; header?: never; path: { intake: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['IntakeFile'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/intakes/{intake}/reports": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** What was sent back: error files, processing log, summary, receipts */
    get: {
      parameters: { query?: never; header?: never; path: { intake: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['IntakeReport'])[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/intakes/{intake}/reports/{name}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** One of them, as it lies in the output folder */
    get: {
      parameters: { query?: never; header?: never; path: { intake: string; name: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/octet-stream": string } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/invitations": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Invitations and where they stand, the newest first */
    get: {
      parameters: { query?: { partner?: string; limit?: number; after?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Invitation'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    /** Invite a person, who sets a password by a link that is good once, for 72 hours */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            name: string
            partner: string
            address: string
            realms: ('live' | 'test')[]
            grants: ({
              /** `*`: every exchange. */
              exchange: string
              grants: ('submit' | 'validate' | 'read' | 'close' | 'delete' | 'release' | 'administer' | 'manage')[]
            })[]
          } } }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Invitation'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/invitations/accept": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Set a password and make the account; the link is good no more */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            /** What follows the # of the link. */
            secret: string
            password: string
          } } }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": {
            name: string
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/invitations/look": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Whom a link invites, for the page that it leads to */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            /** What follows the # of the link. */
            secret: string
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            name: string
            partnerTitle: string
            expiresAt: string
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/invitations/{invitation}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    /** Withdraw an invitation; its link is good no more */
    delete: {
      parameters: { query?: never; header?: never; path: { invitation: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    patch?: never
    head?: never
  }
  "/v1/invitations/{invitation}/resend": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Send a new link, good for 72 hours; the old one is good no more */
    post: {
      parameters: { query?: never; header?: never; path: { invitation: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Invitation'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/jobs": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Jobs that concern you */
    get: {
      parameters: { query?: { exchange?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Job'])[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/jobs/{job}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** One job */
    get: {
      parameters: { query?: never; header?: never; path: { job: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Job'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    /** Make a job, or change its rule */
    put: {
      parameters: { query?: never; header?: never; path: { job: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            title: string
            exchange: string
            realm?: 'live' | 'test'
            /** Null: every partner with an account for an agent that may submit to the exchange. */
            partners?: (string)[] | null
            /** Everything, or what changed since the last attempt that was done. */
            extract: 'full' | 'changes'
            /** Minute, hour, day of month, month, day of week; null: it runs only when told to. */
            cron?: string | null
            /** Of the schedule, the window and the calendar. */
            zone: string
            /** Days on which it rests. */
            calendar?: string | null
            /** Only then is work handed out; past midnight is possible. */
            window?: {
              from: string
              until: string
            } | null
            /** Higher goes first. */
            priority?: number
            /** From being taken until the file is here; and from being offered until it is taken. */
            arriveMinutes?: number
            retryMinutes?: number
            /** Attempts after the first. */
            retryLimit?: number
            /** Occurrences that passed while no node ran: made up for by one run, or left out. */
            missed?: 'once' | 'skip'
            /** When and how often partners may start it themselves; null: never. */
            ownStart?: {
              hours?: {
                from: string
                until: string
              } | null
              perDayMax: number
              /** Of all partners together. */
              atOnceMax: number
            } | null
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Job'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    post?: never
    /** Remove a job */
    delete: {
      parameters: { query?: never; header?: never; path: { job: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    patch?: never
    head?: never
  }
  "/v1/jobs/{job}/occurrences": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** The next occurrences of its schedule, days of rest left out */
    get: {
      parameters: { query?: { count?: number }; header?: never; path: { job: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items?: (string)[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/jobs/{job}/pause": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Pause a job */
    post: {
      parameters: { query?: never; header?: never; path: { job: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            reason?: string
          } | null } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Job'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/jobs/{job}/resume": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Let a paused job go on, with its next occurrence */
    post: {
      parameters: { query?: never; header?: never; path: { job: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            reason?: string
          } | null } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Job'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/jobs/{job}/runs": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Run a job now */
    post: {
      parameters: { query?: never; header?: never; path: { job: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            partner?: string
            force?: boolean
          } | null } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Run'])[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/mails": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Mails, the newest first */
    get: {
      parameters: { query?: { state?: 'queued' | 'sent' | 'bounced' | 'given-up'; partner?: string; limit?: number; after?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Mail'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/mails/{mail}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** One mail and where it stands */
    get: {
      parameters: { query?: never; header?: never; path: { mail: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Mail'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/mails/{mail}/retry": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Send a mail again that was refused or given up, or one that waits, now */
    post: {
      parameters: { query?: never; header?: never; path: { mail: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Mail'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/me": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Who am I, and what may I do? */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Me'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/me/passkeys": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** One's own passkeys */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Passkey'])[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    /** Add the passkey that the device made; it counts as a second factor */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            title: string
            answer: {
              id: string
              rawId: string
              type: 'public-key'
              response: {
                clientDataJSON: string
              }
            }
          } } }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Passkey'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/me/passkeys/options": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Begin to add a passkey: what the browser asks the device */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            challenge: string
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/me/passkeys/{passkey}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    /** Remove a passkey; not the last second factor where the partner asks for one */
    delete: {
      parameters: { query?: never; header?: never; path: { passkey: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    patch?: never
    head?: never
  }
  "/v1/me/second-factor": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Is there a second factor, and is one asked for? */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['SecondFactor'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    /** Begin to set up a second factor: the secret for an app (RFC 6238) */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            secret: string
            uri: string
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/me/second-factor/confirm": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Confirm it by a first code; gives ten recovery codes, this once */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            code: string
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            recoveryCodes: (string)[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        429: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/me/second-factor/recovery-codes": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** New recovery codes in place of the old */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            code: string
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            recoveryCodes: (string)[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        429: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/me/second-factor/remove": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Remove the second factor, where it is not asked for */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            code: string
          } } }
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        429: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/me/sessions": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Browsers in which one is signed in, the one used last first */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['OwnSession'])[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/me/sessions/{session}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    /** Sign out in one of them */
    delete: {
      parameters: { query?: never; header?: never; path: { session: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    patch?: never
    head?: never
  }
  "/v1/messages": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Messages that are not cleared, oldest first */
    get: {
      parameters: { query?: { realm?: 'live' | 'test'; partner?: string; exchange?: string; type?: 'status-change' | 'data-change' | 'transfer' | 'work-item'; cleared?: boolean; after?: number; limit?: number }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items?: (components['schemas']['Message'])[]
            /** Give it as `after` for the next; null where this was all. */
            next?: number | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/messages/clear": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Clear messages */
    post: {
      parameters: { query?: { realm?: 'live' | 'test'; partner?: string; exchange?: string }; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            numbers?: (number)[]
            upTo?: number
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            cleared?: number
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/messages/{number}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** One message with its body */
    get: {
      parameters: { query?: { realm?: 'live' | 'test'; partner?: string }; header?: never; path: { number: number }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Message'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/oauth/token": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** A token for a machine (OAuth 2.0 client credentials) */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/x-www-form-urlencoded": {
            grant_type?: 'client_credentials'
            client_id?: string
            client_secret?: string
            scope?: string
          } | null; "application/json": {
            grant_type?: 'client_credentials'
            client_id?: string
            client_secret?: string
            scope?: string
          } | null } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Token'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/partners": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** All partners */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Partner'])[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    /** Register a partner */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            name: string
            title: string
            /** How the SDCS paths answer it. */
            profile?: 'deployed' | 'spec'
          } } }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Partner'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/partners/{partner}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** One partner; its own people see it too */
    get: {
      parameters: { query?: never; header?: never; path: { partner: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Partner'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    /** Change a partner's title, time zone, or whether its people need a second factor */
    patch: {
      parameters: { query?: never; header?: never; path: { partner: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            title?: string
            timeZone?: string | null
            secondFactor?: boolean
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Partner'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    head?: never
  }
  "/v1/partners/{partner}/contacts": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Who is written to about a partner's deliveries, and which addresses were refused */
    get: {
      parameters: { query?: never; header?: never; path: { partner: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Contact'])[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    /** Add a contact, or change how often one is written to */
    post: {
      parameters: { query?: never; header?: never; path: { partner: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            /** `*`: every exchange. */
            exchange?: string
            address: string
            /** Daily and weekly ones are told in the morning, on the clock of the exchange. */
            frequency?: 'at-once' | 'hourly' | 'daily' | 'weekly'
          } } }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Contact'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/partners/{partner}/contacts/{contact}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    /** Remove a contact, with what is still to be sent to it */
    delete: {
      parameters: { query?: never; header?: never; path: { partner: string; contact: number }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    patch?: never
    head?: never
  }
  "/v1/partners/{partner}/contacts/{contact}/clear-bounce": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Say that a refused address works again; what waits for it is sent */
    post: {
      parameters: { query?: never; header?: never; path: { partner: string; contact: number }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Contact'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/partners/{partner}/file-policies/{exchange}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** How a partner's files of an exchange must be protected */
    get: {
      parameters: { query?: never; header?: never; path: { partner: string; exchange: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['FilePolicy'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    /** Ask that a partner's files be encrypted, signed, both or neither */
    put: {
      parameters: { query?: never; header?: never; path: { partner: string; exchange: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            mustEncrypt: boolean
            mustSign: boolean
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['FilePolicy'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/partners/{partner}/files": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** What lies in a folder of a partner's tree */
    get: {
      parameters: { query?: { path?: string; limit?: number; after?: string }; header?: never; path: { partner: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['TreeEntry'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/partners/{partner}/files/content": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** A file of a partner's tree */
    get: {
      parameters: { query: { path: string }; header?: never; path: { partner: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/octet-stream": string } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    /** Put a file into an input folder, as if the partner had uploaded it */
    put: {
      parameters: { query: { path: string }; header?: never; path: { partner: string }; cookie?: never }
      requestBody?: never
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['TreeEntry'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    post?: never
    /** Remove a file from an input or output folder */
    delete: {
      parameters: { query: { path: string }; header?: never; path: { partner: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    patch?: never
    head?: never
  }
  "/v1/partners/{partner}/identifiers/{scheme}/{value}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    /** Give a partner an external identifier (an ORI, say) */
    put: {
      parameters: { query?: never; header?: never; path: { partner: string; scheme: string; value: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    post?: never
    /** Take an external identifier away */
    delete: {
      parameters: { query?: never; header?: never; path: { partner: string; scheme: string; value: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    patch?: never
    head?: never
  }
  "/v1/partners/{partner}/pgp-keys": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** The keys that a partner signs with */
    get: {
      parameters: { query?: { retired?: boolean }; header?: never; path: { partner: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['PgpKey'])[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    /** Take the public key that a partner signs with; one that is known is brought up to date */
    post: {
      parameters: { query?: never; header?: never; path: { partner: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            /** As `gpg --armor --export` writes it. */
            publicKey: string
          } } }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['PgpKey'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/partners/{partner}/pgp-keys/{fingerprint}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    /** Retire a partner's key; files signed with it are refused from now on */
    delete: {
      parameters: { query?: never; header?: never; path: { partner: string; fingerprint: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    patch?: never
    head?: never
  }
  "/v1/password": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Change a password, a one-time one included */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            account: string
            password: string
            newPassword: string
          } } }
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/pgp-keys": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** The public keys to encrypt files for, the newest first */
    get: {
      parameters: { query?: { retired?: boolean }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['PgpKey'])[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    /** Make a key that partners encrypt for; older ones go on opening files until retired */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            /** For one partner only; for all when left out. */
            partner?: string
            /** RSA is for software that knows no curves. */
            kind?: 'curve25519' | 'rsa3072'
          } } }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['PgpKey'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/pgp-keys/{fingerprint}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    /** Retire a key of ours; files encrypted for it are opened no more */
    delete: {
      parameters: { query?: never; header?: never; path: { fingerprint: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    patch?: never
    head?: never
  }
  "/v1/places": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Places, of all partners or one */
    get: {
      parameters: { query?: { partner?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Place'])[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/places/{place}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    /** Make a place, change it, or put it in or out of use */
    put: {
      parameters: { query?: never; header?: never; path: { place: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            partner: string
            settings: {
              kind: 'folder' | 's3'
              /** folder: an absolute path. */
              path?: string
              /** s3: address of the service. */
              endpoint?: string
              region?: string
              bucket?: string
              prefix?: string
              /** s3: where the bucket is named. */
              style?: 'path' | 'virtual'
              accessKeyId?: string
              /** Never given back. Left out, it stays as it was. */
              secretAccessKey?: string
            }
            /** Are files picked up from it? Left out, it stays as it was. */
            active?: boolean
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Place'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    post?: never
    /** Remove a place, not its files */
    delete: {
      parameters: { query?: never; header?: never; path: { place: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    patch?: never
    head?: never
  }
  "/v1/quality": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Findings per 1,000 records, by rule and by month */
    get: {
      parameters: { query: { exchange: string; realm?: 'live' | 'test'; partner?: string; from?: string; to?: string; format?: 'json' | 'csv' }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Scorecard']; "text/csv": string } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/reconciliations": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Reconciliations, the newest first */
    get: {
      parameters: { query?: { limit?: number; after?: string; exchange?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Reconciliation'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/reconciliations/{tracking}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** The report of one reconciliation */
    get: {
      parameters: { query?: never; header?: never; path: { tracking: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Reconciliation'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/reconciliations/{tracking}/differences": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Its differences, in the order in which they are to be put right */
    get: {
      parameters: { query?: { limit?: number; after?: string; kind?: 'only-partner' | 'only-centre' | 'different' | 'repeated'; category?: string }; header?: never; path: { tracking: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['RecordDifference'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/reconciliations/{tracking}/differences.csv": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** All of its differences as CSV */
    get: {
      parameters: { query?: never; header?: never; path: { tracking: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "text/csv": string } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/rules/{exchange}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Versions of rule sets */
    get: {
      parameters: { query?: { partner?: string }; header?: never; path: { exchange: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['RuleSet'])[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/rules/{exchange}/check": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Check rules without keeping them */
    post: {
      parameters: { query?: never; header?: never; path: { exchange: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            /** Name of the partner; `*`: for all. */
            partner: string
            /** The rules, YAML or JSON. */
            content: string
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            problems?: (components['schemas']['RuleProblem'])[]
            changes?: (components['schemas']['Difference'])[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/rules/{exchange}/try": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Try rules on pasted records, without storing anything */
    post: {
      parameters: { query?: never; header?: never; path: { exchange: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            /** Name of the partner; `*`: for all. */
            partner: string
            /** Left out: the rules in effect. */
            content?: string | null
            /** Records as they would be sent. */
            data: string
            /** What their file would be called. */
            fileName?: string
            limit?: number
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            problems?: (components['schemas']['RuleProblem'])[]
            definition?: string | null
            rules?: ({ [name: string]: unknown })[]
            counts?: { [name: string]: number }
            records?: (components['schemas']['TriedRecord'])[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/rules/{exchange}/{partner}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    /** Put a new version */
    put: {
      parameters: { query?: never; header?: never; path: { exchange: string; partner: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            /** When it takes effect; left out: at once. */
            effectiveAt?: string | null
            /** Why, for those who come later. */
            reason: string
            /** The rules, YAML or JSON. */
            content: string
          } } }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['RuleSet'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        413: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/rules/{exchange}/{partner}/compare": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** What differs between two versions */
    get: {
      parameters: { query: { before: number; after: number }; header?: never; path: { exchange: string; partner: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            problems?: (components['schemas']['RuleProblem'])[]
            differences?: (components['schemas']['Difference'])[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/rules/{exchange}/{partner}/{version}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** One version with its rules */
    get: {
      parameters: { query?: never; header?: never; path: { exchange: string; partner: string; version: number }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['RuleSet'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/rules/{exchange}/{partner}/{version}/withdraw": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Withdraw a version that has not taken effect */
    post: {
      parameters: { query?: never; header?: never; path: { exchange: string; partner: string; version: number }; cookie?: never }
      requestBody: { content: { "application/json": {
            /** Why, for those who come later. */
            reason: string
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['RuleSet'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/runs": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Runs of jobs */
    get: {
      parameters: { query?: { limit?: number; after?: string; partner?: string; exchange?: string; job?: string; state?: 'scheduled' | 'offered' | 'taken' | 'extracting' | 'uploading' | 'received' | 'processing' | 'done' | 'failed' | 'timed-out' | 'cancelled'; open?: boolean }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Run'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/runs/{run}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** One run, with its place in the queue and its attempts */
    get: {
      parameters: { query?: never; header?: never; path: { run: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['RunDetail'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/runs/{run}/cancel": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Cancel a run whose file has not arrived */
    post: {
      parameters: { query?: never; header?: never; path: { run: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            reason?: string
          } | null } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Run'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/session": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Sign in with a browser */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            login: string
            password: string
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Me'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        429: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    /** Sign out */
    delete: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    patch?: never
    head?: never
  }
  "/v1/session/passkey": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Sign in with a passkey; no name and no code is needed */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            id: string
            rawId: string
            type: 'public-key'
            response: {
              clientDataJSON: string
            }
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Me'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/session/passkey/options": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Begin to sign in with a passkey: what the browser asks the device */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            challenge: string
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/session/providers": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** By which providers of single sign-on one may sign in */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: ({
              name: string
              title: string
            })[]
          } } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/session/providers/{provider}/callback": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Come back from a provider: opens the session, or says on the sign-in page what went wrong */
    get: {
      parameters: { query?: never; header?: never; path: { provider: string }; cookie?: never }
      requestBody?: never
      responses: {
        302: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/session/providers/{provider}/start": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Go to a provider to sign in; a browser opens this address */
    get: {
      parameters: { query?: { to?: string }; header?: never; path: { provider: string }; cookie?: never }
      requestBody?: never
      responses: {
        302: { headers: { [name: string]: unknown }; content: { [type: string]: never } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/session/second-factor": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Go on with signing in: the code of an app, or a recovery code; each is good once */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            code: string
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Me'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        429: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/sessions": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Who sent what, when, how long it took, and what became of it */
    get: {
      parameters: { query?: { limit?: number; after?: string; partner?: string; exchange?: string; realm?: 'live' | 'test'; kind?: 'attempt' | 'submission'; result?: 'done' | 'failed' | 'timed-out' | 'cancelled'; job?: string; from?: string; until?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Session'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/status/bulk": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** How folders, intakes, places and the mail queue stand */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['BulkStatus'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/submissions": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Submissions of all exchanges */
    get: {
      parameters: { query?: { limit?: number; after?: string; state?: 'queued' | 'surveying' | 'held' | 'processing' | 'completed' | 'incomplete' | 'refused' | 'cancelled'; realm?: 'live' | 'test'; partner?: string; kind?: 'documents' | 'records'; withErrors?: boolean; from?: string; until?: string; text?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Submission'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/submissions/{tracking}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** One submission, with live progress */
    get: {
      parameters: { query?: never; header?: never; path: { tracking: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Submission'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/submissions/{tracking}/acknowledgement": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Signed paper: these bytes were taken in */
    get: {
      parameters: { query?: never; header?: never; path: { tracking: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/jose": string } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/submissions/{tracking}/cancel": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Cancel a submission that has not begun to change anything */
    post: {
      parameters: { query?: never; header?: never; path: { tracking: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            reason?: string
          } | null } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Submission'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/submissions/{tracking}/document": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** The document as it was received */
    get: {
      parameters: { query?: never; header?: never; path: { tracking: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/octet-stream": string } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/submissions/{tracking}/error-file": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** The rejected and faulty records, in the format that was sent */
    get: {
      parameters: { query?: { format?: 'csv' | 'xlsx' | 'xml' | 'json' }; header?: never; path: { tracking: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/octet-stream": string } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/submissions/{tracking}/events": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Progress as server-sent events */
    get: {
      parameters: { query?: never; header?: never; path: { tracking: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "text/event-stream": string } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/submissions/{tracking}/findings": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** All findings */
    get: {
      parameters: { query?: { limit?: number; after?: string; code?: string }; header?: never; path: { tracking: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['FoundFinding'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/submissions/{tracking}/findings/summary": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Findings by code, most frequent first */
    get: {
      parameters: { query?: never; header?: never; path: { tracking: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: ({
              code: string
              severity: 'fatal' | 'error' | 'warning' | 'info'
              count: number
              /** Of one of them. */
              message: string
              field: string
            })[]
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/submissions/{tracking}/outcomes": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** What became of each record */
    get: {
      parameters: { query?: { limit?: number; after?: string; outcome?: 'created' | 'updated' | 'unchanged' | 'deleted' | 'rejected' | 'filtered' }; header?: never; path: { tracking: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['OutcomeEntry'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/submissions/{tracking}/preview": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** What a held submission would do */
    get: {
      parameters: { query?: never; header?: never; path: { tracking: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            /** Records that are there now. */
            live: number
            create: number
            update: number
            unchanged: number
            reject: number
            /** Deleted for being absent. */
            remove: number
            /** Deleted as they belong to those. */
            cascade: number
            removeExamples: (string)[]
            /** Why nothing is deleted for being absent. */
            deletionsHeld: string | null
          } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/submissions/{tracking}/proof/{position}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Proof of one record's outcome */
    get: {
      parameters: { query?: never; header?: never; path: { tracking: string; position: number }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { [name: string]: unknown } } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/submissions/{tracking}/receipt": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Signed paper: this is what was done */
    get: {
      parameters: { query?: never; header?: never; path: { tracking: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/jose": string } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/submissions/{tracking}/release": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Release a held submission */
    post: {
      parameters: { query?: never; header?: never; path: { tracking: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Submission'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/submissions/{tracking}/session-log": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** One line for every record (NDJSON, gzip) */
    get: {
      parameters: { query?: never; header?: never; path: { tracking: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/octet-stream": string } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/system": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** The node: version, database, disk, queues, mail, file server, exchanges, and how they stand */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['System'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/transfers": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** The transfer log: log-ins, uploads, downloads, renames, removals */
    get: {
      parameters: { query?: { partner?: string; from?: string; before?: string; limit?: number; after?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Transfer'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          }; "text/csv": string } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/trends": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Sums of sessions by day, week or month, partner and exchange */
    get: {
      parameters: { query?: { partner?: string; exchange?: string; realm?: 'live' | 'test'; kind?: 'attempt' | 'submission'; result?: 'done' | 'failed' | 'timed-out' | 'cancelled'; job?: string; from?: string; until?: string; by?: 'day' | 'week' | 'month'; zone?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['Trend'])[]
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/work-items": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** Work items in the order in which they were made */
    get: {
      parameters: { query?: { realm?: 'live' | 'test'; limit?: number; after?: string; exchange?: string; partner?: string; state?: 'open' | 'confirmed' | 'refused' | 'withdrawn' | 'overdue'; kind?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": {
            items: (components['schemas']['WorkItem'])[]
            /** Give it as `after` for the next page; null on the last. */
            next: string | null
          } } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    /** Ask a partner to settle something */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { "application/json": {
            /** Name of the exchange. */
            exchange: string
            /** Live data or test data; they never mix. */
            realm?: 'live' | 'test'
            partner: string
            /** One of the kinds that the definition names, if it names any. */
            kind: string
            record?: {
              /** Record type of the exchange. */
              type: string
              key: string
            } | null
            title?: string
            /** What the partner must know, of the partner's own data only. */
            body?: { [name: string]: unknown }
            /** Business days. */
            dueDays?: number | null
          } } }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['WorkItem'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/work-items/{item}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    /** One work item */
    get: {
      parameters: { query?: never; header?: never; path: { item: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['WorkItem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    put?: never
    post?: never
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/work-items/{item}/answer": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Answer a work item */
    post: {
      parameters: { query?: never; header?: never; path: { item: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            answer: 'confirmed' | 'refused'
            /** Needed where it is refused. */
            reason?: string | null
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['WorkItem'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
  "/v1/work-items/{item}/withdraw": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    /** Withdraw a work item that is open */
    post: {
      parameters: { query?: never; header?: never; path: { item: string }; cookie?: never }
      requestBody: { content: { "application/json": {
            reason: string
          } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['WorkItem'] } }
        400: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        401: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        403: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        404: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        409: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
        default: { headers: { [name: string]: unknown }; content: { "application/problem+json": components['schemas']['Problem'] } }
      }
    }
    delete?: never
    patch?: never
    head?: never
  }
}
