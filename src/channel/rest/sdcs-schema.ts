import { PLACE, parameters, SENDER } from './schemas.ts'

/** How the SDCS paths stand in the OpenAPI document. Their own checks decide, so nothing here refuses. */

const text = { type: 'string' } as const

const BODY = {
  description: 'The one body shape of these paths, in JSON or XML.',
  type: 'object',
  properties: {
    MandatoryValidationFlag: { type: 'boolean', description: 'False: fatal, nothing was stored.' },
    Status: { type: 'string', enum: ['success', 'failed'] },
    BatchID: text,
    LEARecordID: text,
    ORI: text,
    OfficerUID: text,
    Proxy: text,
    StopDate: text,
    StopTime: text,
    DOJRecordID: { ...text, description: 'Absent when nothing was stored.' },
    Messages: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          Code: text,
          Field: text,
          Message: text,
          PersonNumber: { type: ['integer', 'null'], description: 'Null: the stop as a whole.' },
        },
      },
    },
  },
  examples: [
    {
      MandatoryValidationFlag: false,
      Status: 'failed',
      BatchID: '',
      LEARecordID: 'A000000017',
      ORI: 'CA0990100',
      OfficerUID: '77',
      Proxy: '',
      StopDate: '02/14/2024',
      StopTime: '14:05',
      Messages: [
        {
          Code: 'DV007',
          Field: 'UID',
          Message: 'The officer UID must be 9 letters or digits.',
          PersonNumber: null,
        },
      ],
    },
  ],
} as const

function bodied(description: string): object {
  return {
    description,
    content: { 'application/json': { schema: BODY }, 'application/xml': { schema: BODY } },
  }
}

const RESPONSES = {
  200: bodied('Stored: Successful Submission, or closed.'),
  304: { description: 'Stored, Submitted with Errors. No body; `Link` leads to the findings.' },
  400: bodied('Invalid input; `Messages` names the header or element.'),
  401: bodied('The token or the ORI is not good.'),
  403: bodied('The account may not submit.'),
  404: bodied('A verb other than POST and PUT, or no such service.'),
  405: bodied('The stored record is final and can no longer be changed.'),
  409: bodied('The record, or another of the same officer, date and time, is stored already.'),
  500: bodied('The service failed; `Messages[0].Code` is SYSERR.'),
  503: bodied('Another submission of the agency is being processed; `Retry-After` says when to come again.'),
}

const CALL = {
  tags: ['sdcs'],
  params: parameters({ exchange: PLACE.exchange, type: PLACE.type }),
  querystring: { type: 'object', properties: { realm: SENDER.realm } },
  headers: {
    type: 'object',
    properties: {
      ori: { ...text, description: 'And LEARecordID, OfficerUID, StopDate, StopTime: as in the body.' },
      browsertype: text,
      resourcetype: { ...text, description: 'XML or JSON.' },
      callingapplication: text,
      dojrecordid: { ...text, description: 'Not required.' },
      prefer: { ...text, description: '`sdcs-profile=deployed`: always 200 with a body, keys in the body.' },
    },
  },
  consumes: ['application/json', 'application/xml'],
  body: { description: 'One stop.' },
  response: RESPONSES,
} as const

export const SDCS_POST_DOC = { ...CALL, summary: 'Insert a record' }
export const SDCS_PUT_DOC = {
  ...CALL,
  summary: 'Update a record that was submitted with errors, or close it',
}

export const SDCS_FINDINGS_DOC = {
  tags: ['sdcs'],
  summary: 'The findings of one call, which a 304 cannot carry',
  params: parameters({ exchange: PLACE.exchange, type: PLACE.type, tracking: PLACE.tracking }),
  response: { 200: bodied('The findings.'), 401: RESPONSES[401], 404: RESPONSES[404] },
}
