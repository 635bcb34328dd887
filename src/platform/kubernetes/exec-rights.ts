/** To run something in pods, or to look into them. Up to 1.34 a WebSocket is a get. */
export const execRights = ['get pods/exec', 'create pods/exec'];
