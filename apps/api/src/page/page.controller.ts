import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { PAGE_FOLDER } from '../tokens.ts';
import { readSite, type Site, type SiteFile } from './site.ts';
import { FILE_ROUTES, VIEW_ROUTES } from './urls.ts';

/** Everything the page needs comes from here: nothing is loaded from elsewhere, nothing goes elsewhere. */
const POLICY = [
  "default-src 'none'",
  ...['script-src', 'style-src', 'img-src', 'connect-src'].map((what) => `${what} 'self'`),
  ...['base-uri', 'form-action', 'frame-ancestors'].map((what) => `${what} 'none'`),
].join('; ');
const HEADERS = {
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  vary: 'accept-encoding',
};
/** A file named by its content never changes; all others are asked for again. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** The dashboard's page, at each of its URLs, and the files beside it. */
@Controller()
export class PageController {
  readonly #folder: string;
  #site: Site | undefined;

  constructor(@Inject(PAGE_FOLDER) folder: string) {
    this.#folder = folder;
  }

  @Get(VIEW_ROUTES)
  page(@Req() request: IncomingMessage, @Res() response: ServerResponse): void {
    const page = this.#file('index.html');
    if (page === undefined)
      refuse(response, 503, 'the page is not built: npm start and npm run demo build it');
    else give(request, response, page);
  }

  @Get(FILE_ROUTES)
  file(@Req() request: IncomingMessage, @Res() response: ServerResponse): void {
    const [path = ''] = (request.url ?? '').slice(1).split('?');
    const file = this.#file(path);
    if (file === undefined) refuse(response, 404, 'the page has no such file: load it anew');
    else give(request, response, file, path.startsWith('assets/') ? FOR_EVER : undefined);
  }

  #file(name: string): SiteFile | undefined {
    this.#site ??= readSite(this.#folder);
    return this.#site?.get(name);
  }
}

function give(
  { headers }: IncomingMessage,
  response: ServerResponse,
  { type, bytes, gzip }: SiteFile,
  cache = 'no-cache',
): void {
  const packed = /\bgzip\b/.test(String(headers['accept-encoding']));
  response.writeHead(200, {
    ...HEADERS,
    'content-type': type,
    'cache-control': cache,
    ...(packed && { 'content-encoding': 'gzip' }),
  });
  response.end(packed ? gzip : bytes);
}

function refuse(response: ServerResponse, status: number, error: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error }));
}
