// Photos made small enough for one bar of signal, and voice.
const LONG_SIDE = 1920;
const SMALL_BYTES = 400 * 1024;
const QUALITY = 0.82;
const VOICE_MOST_S = 60;

/** A photo as JPEG of at most 1920 px; the file itself where the browser cannot read it. */
export async function shrink(file) {
  if (!file.type.startsWith("image/") || file.size <= SMALL_BYTES) return file;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONG_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return blob && blob.size < file.size ? blob : file;
  } catch {
    return file;
  }
}

/** Whether this page may record at all. */
export function canRecord() {
  return Boolean(navigator.mediaDevices?.getUserMedia && globalThis.MediaRecorder);
}

/**
 * Record the voice until `stop()` or one minute. `onTick(seconds)` each second, `onDone(blob)` at
 * the end. Rejects when the microphone is not allowed.
 */
export async function recordVoice(onTick, onDone) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const type = ["audio/mp4", "audio/webm;codecs=opus", "audio/webm"].find((one) =>
    MediaRecorder.isTypeSupported(one),
  );
  const recorder = new MediaRecorder(stream, type ? { mimeType: type, audioBitsPerSecond: 24000 } : {});
  const parts = [];
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += 1;
    onTick(seconds);
    if (seconds >= VOICE_MOST_S) recorder.stop();
  }, 1000);
  recorder.ondataavailable = (event) => event.data.size && parts.push(event.data);
  recorder.onstop = () => {
    clearInterval(timer);
    stream.getTracks().forEach((track) => track.stop());
    onDone(new Blob(parts, { type: recorder.mimeType }), seconds);
  };
  recorder.start();
  return { stop: () => recorder.state !== "inactive" && recorder.stop() };
}
