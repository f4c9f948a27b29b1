// What is about to be reported: class, words, address, photos, voice.
import { toast } from "../shared/toast.js";
import { t } from "../shared/words.js";
import { recordVoice, shrink } from "./media.js";

const EMPTY = { category: null, text: "", address: "", addressOpen: false };

/** The draft of one page; `onChange()` after every change. `recording` is seconds, or null. */
export function newDraft(onChange) {
  let recorder = null;
  let spoken = null;
  const draft = { ...EMPTY, files: [], recording: null, set, addPhotos, drop, toggleVoice, settle, clear };

  function set(changes) {
    Object.assign(draft, changes);
    onChange();
  }

  async function addPhotos(event) {
    const chosen = [...event.target.files];
    event.target.value = "";
    for (const file of chosen) {
      const blob = await shrink(file);
      draft.files.push({ blob, name: file.name || "photo.jpg", preview: URL.createObjectURL(blob) });
    }
    onChange();
  }

  function forget(file) {
    if (file.preview) URL.revokeObjectURL(file.preview);
  }

  function drop(file) {
    forget(file);
    set({ files: draft.files.filter((one) => one !== file) });
  }

  async function toggleVoice() {
    if (recorder) {
      recorder.stop();
      return;
    }
    let finish;
    const done = new Promise((resolve) => {
      finish = resolve;
    });
    try {
      recorder = await recordVoice(
        (seconds) => set({ recording: seconds }),
        (blob, seconds) => {
          recorder = null;
          const name = blob.type.includes("mp4") ? "voice.m4a" : "voice.webm";
          if (blob.size) draft.files.push({ blob, name, seconds: Math.max(1, seconds) });
          finish();
          set({ recording: null });
        },
      );
      spoken = done;
      set({ recording: 0 });
    } catch {
      toast(t("phone.no_mic"), { tone: "bad" });
    }
  }

  /** End the recording: what is being said belongs to this report. */
  async function settle() {
    if (!recorder) return;
    recorder.stop();
    await spoken;
  }

  function clear() {
    draft.files.forEach(forget);
    set({ ...EMPTY, files: [] });
  }

  return draft;
}
