/** Which connector a line is of; 0 is the station itself. */
export function ConnectorNumber({ connector }: { readonly connector: number | null }) {
  if (connector === 0) return <span className="soft number">Station</span>;
  return (
    <span className="soft number">
      <span className="unseen">Connector </span>
      {connector ?? '?'}
    </span>
  );
}
