import type { SealedClass } from '../sealed.ts';

/**
 * What never stands in clear in the log (DESIGN 3), as data. Names are compared without case, and
 * between their words a separator may stand: `idTag`, `IDTAG` and `id_tag` are one name. They are written
 * in camel case here, which shows the words.
 */

/** Members whose value is sealed wherever they stand: a scalar, or every scalar of a list or object below. */
export const MEMBERS: Readonly<Record<SealedClass, readonly string[]>> = {
  idTag: [
    // OCPP 1.6
    'idTag',
    'idTags',
    'parentIdTag',
    // OCPP 2.x: IdTokenType nests the token in a member of the same name
    'idToken',
    'groupIdToken',
    'parentIdToken',
    'additionalIdToken',
    'emaid',
    'evccId',
    'evcoId',
    'contractId',
    // what vendors call them in DataTransfer
    'rfid',
    'rfidTag',
    'tagId',
    'cardId',
    'cardNumber',
  ],
  personal: [
    'customerIdentifier',
    'vehicleId',
    'licensePlate',
    'vatNumber',
    'vin',
    // EXI of the contract certificate's installation: holds the contract's identity
    'exiRequest',
    'exiResponse',
  ],
  secret: ['simPin', 'pwd', 'psk', 'pinCode'],
  credential: ['authorization', 'proxyAuthorization'],
};

/** A name that holds one of these is a secret's, as a member and as the name of a configuration key. */
export const SECRET_WORDS = [
  'password',
  'passwd',
  'passphrase',
  'authorizationKey',
  'authKey',
  'apiKey',
  'accessKey',
  'privateKey',
  'sharedKey',
  'secret',
] as const;

/** A configuration key or variable whose name holds one of these has a tag for its value. */
export const TAG_WORDS = ['idTag', 'idToken', 'masterPassGroupId', 'evccId', 'vehicleId', 'emaid'] as const;

/** Configuration keys and variables of just this name. */
export const SETTINGS: Readonly<Record<string, SealedClass>> = {
  // TokenReader.Token and ConnectedEV.VehicleCertificate of OCPP 2.x
  token: 'idTag',
  vehicleCertificate: 'personal',
};

/** Members that are sealed only in this company: `below` is the name of the object's own member. */
export const MEMBERS_IN_COMPANY: readonly {
  readonly name: string;
  readonly class: SealedClass;
  readonly below?: string;
  readonly beside?: string;
}[] = [
  // NetworkConnectionProfile: VPNType.key is the shared secret
  { name: 'key', class: 'secret', below: 'vpn' },
  // AuthorizeRequest: the contract certificate names the contract
  { name: 'certificate', class: 'personal', beside: 'idToken' },
  { name: 'serialNumber', class: 'personal', below: 'iso15118CertificateHashData' },
  { name: 'serialNumber', class: 'personal', below: 'customerCertificate' },
  // NotifyCustomerInformation: all that a station knows of one customer, in no format
  { name: 'data', class: 'personal', beside: 'generatedAt' },
];

/** Left in clear inside a sealed member that is an object: IdTokenType's other members say nothing of a person. */
export const CLEAR_INSIDE = ['type', 'vendorId', 'status', 'mutability', 'hashAlgorithm'] as const;

/**
 * Members that name a setting, and those beside them that then hold its value, in either order:
 * ChangeConfiguration and GetConfiguration (`key`, `value`), SetVariables and GetVariables (`variable.name`,
 * `attributeValue`), NotifyEvent (`actualValue`), NotifyReport (`variableAttribute[].value`).
 */
export const NAMING_MEMBERS = ['key', 'name', 'variable', 'variableName', 'parameter'] as const;
export const VALUE_MEMBERS = [
  'value',
  'attributeValue',
  'actualValue',
  'newValue',
  'oldValue',
  'variableAttribute',
  'val',
  'data',
] as const;
/** In a text that cannot be tokenised, every `value` may be a setting's, unless one of these is there. */
export const METER_WORDS = ['sampledValue', 'meterValue', 'transactionData'] as const;

/** Query parameters of a URL that hold a secret, besides those with a secret's word in their name. */
export const QUERY_SECRETS = [
  'token',
  'key',
  'auth',
  'authorization',
  'code',
  'pass',
  'pwd',
  'pw',
  'sig',
  'signature',
  'credential',
  'session',
  'accessToken',
  'xAmzSignature',
  'xAmzCredential',
  'xAmzSecurityToken',
] as const;

/** Members of our own records that are a URL without its scheme. */
export const PATH_MEMBERS = ['rawPath'] as const;

/** A tag that is one of these is none: rules on form must see it. */
export const EMPTY_TAGS: readonly string[] = ['null', 'undefined', 'nan', 'none', 'true', 'false'];

/** Signed meter data as text (OCMF): its member ID is the tag. */
export const SIGNED_TEXT = 'OCMF|';
/** The same in base64 and in hex, by how it begins: no part can be taken out, so the whole is sealed. */
export const SIGNED_ENCODED = ['T0NNRn', '4F434D467C'] as const;
