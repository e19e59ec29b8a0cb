import type { Command } from '../command.ts';

const TEXT = `Chargeproof, the flight recorder of EV charging.

  npm run demo                 a simulated fleet through the recorder, and where to look
    -- --once --json           one short run, one JSON document on stdout
    -- --data DIR              where the record lies (.chargeproof/demo)
  npm start                    the recorder before your CSMS, or alone; settings: README, "Settings"
  npm test                     every test

  npx chargeproof credentials add STATION [--key HEX | --password] [--file FILE]
                               a station's key, kept hashed; also: remove STATION, list
  npx chargeproof COMMAND      the same commands: demo, start, help
`;

/** Prints the commands. */
export const help: Command = () => {
  process.stdout.write(TEXT);
  return Promise.resolve(0);
};
