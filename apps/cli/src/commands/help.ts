import type { Command } from '../command.ts';

const TEXT = `Chargeproof, the flight recorder of EV charging.

  npm run demo                 a simulated fleet through the recorder, and where to look
    -- --once --json           one short run, one JSON document on stdout
    -- --data DIR              where the record lies (.chargeproof/demo)
  npm start                    the recorder before your CSMS, or alone; settings: README, "Settings"
  npm test                     every test

  npx chargeproof import FILE…  recordings into the record, each frame once: Open OCPP Trace, CSV, our own
    --format F --zone Z        open-ocpp-trace, csv or record; what a time without a zone means (UTC)
    --station S --tenant T     of frames that name no station; whose frames those are (default)
  npx chargeproof export       the record as Open OCPP Trace on stdout; --format record: everything in it
    --station S --from T --to T  of stations, of a time; --tenant T
    --data DIR                 both: where the record lies (.chargeproof/data); import --json: counts
  npx chargeproof credentials add STATION [--key HEX | --password] [--file FILE]
                               a station's key, kept hashed; also: remove STATION, list
  npx chargeproof COMMAND      the same commands: demo, start, help; query and status too
`;

/** Prints the commands. */
export const help: Command = () => {
  process.stdout.write(TEXT);
  return Promise.resolve(0);
};
