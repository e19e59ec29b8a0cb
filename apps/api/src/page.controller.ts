import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Header, StreamableFile } from '@nestjs/common';

const FOLDER = join(import.meta.dirname, '../page');
/** Everything the page needs comes from here: nothing is loaded from elsewhere, nothing goes elsewhere. */
const POLICY = "default-src 'self'; frame-ancestors 'none'";
const file = (name: string, type: string) =>
  new StreamableFile(createReadStream(join(FOLDER, name)), { type });

/** The page at the API's address: a first look at the record. */
@Controller()
export class PageController {
  @Get()
  @Header('content-security-policy', POLICY)
  index(): StreamableFile {
    return file('index.html', 'text/html; charset=utf-8');
  }

  @Get('page.js')
  script(): StreamableFile {
    return file('page.js', 'text/javascript; charset=utf-8');
  }

  @Get('page.css')
  style(): StreamableFile {
    return file('page.css', 'text/css; charset=utf-8');
  }
}
