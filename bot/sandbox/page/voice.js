/* A two-second tone, so that a voice message can be sent without a microphone. */
const RATE = 8000;
const SECONDS = 2;

export function sampleVoice() {
  const count = RATE * SECONDS;
  const view = new DataView(new ArrayBuffer(44 + count));
  const ascii = (at, word) => [...word].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  ascii(0, "RIFF");
  view.setUint32(4, 36 + count, true);
  ascii(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  ascii(36, "data");
  view.setUint32(40, count, true);
  for (let i = 0; i < count; i += 1) {
    const envelope = Math.sin((Math.PI * i) / count);
    view.setUint8(44 + i, 128 + 50 * envelope * Math.sin((2 * Math.PI * 330 * i) / RATE));
  }
  return new Blob([view], { type: "audio/wav" });
}
