// A Leaflet layer that is one canvas: it follows the map and asks its painter to draw.
import "../../vendor/leaflet@1.9.4/leaflet.js";

export const L = globalThis.L;
const PAD = 96;

/** World pixels at zoom 0 of a WGS-84 point: [x, y] in 0..256. */
export function world(lon, lat) {
  const sin = Math.sin((lat * Math.PI) / 180);
  return [
    ((lon + 180) / 360) * 256,
    (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * 256,
  ];
}

/** `paint(context, view)` gets a context in CSS pixels and view {zoom, scale, left, top, width,
 *  height, x(wx), y(wy)}: x and y turn world pixels into canvas pixels. */
export const CanvasLayer = L.Layer.extend({
  initialize(paint, pane) {
    this._paint = paint;
    this._paneName = pane;
    this._redrawAt = 0;
    this._timer = 0;
  },

  onAdd(map) {
    this._canvas = L.DomUtil.create("canvas", "map-canvas leaflet-zoom-animated");
    this._canvas.setAttribute("aria-hidden", "true");
    map.getPane(this._paneName).append(this._canvas);
    map.on(this._events(), this);
    this.redraw();
  },

  onRemove(map) {
    clearTimeout(this._timer);
    map.off(this._events(), this);
    this._canvas.remove();
  },

  _events() {
    return { moveend: this.redraw, resize: this.redraw, zoomanim: this._animate };
  },

  _animate(event) {
    const scale = this._map.getZoomScale(event.zoom, this._zoom);
    const bounds = this._map._latLngBoundsToNewLayerBounds(this._bounds, event.zoom, event.center);
    L.DomUtil.setTransform(this._canvas, bounds.min, scale);
  },

  /** Draw soon, but not more often than every `gap` milliseconds. */
  schedule(gap = 250) {
    if (this._timer || !this._map) return;
    const wait = Math.max(0, this._redrawAt + gap - performance.now());
    this._timer = setTimeout(() => this.redraw(), wait);
  },

  /** Draw now. */
  redraw() {
    clearTimeout(this._timer);
    this._timer = 0;
    this._redrawAt = performance.now();
    const map = this._map;
    if (!map) return;
    const size = map.getSize();
    const [width, height] = [size.x + 2 * PAD, size.y + 2 * PAD];
    const ratio = Math.min(devicePixelRatio || 1, 2);
    const canvas = this._canvas;
    const corner = map.containerPointToLayerPoint([-PAD, -PAD]);
    this._zoom = map.getZoom();
    this._bounds = L.latLngBounds(
      map.containerPointToLatLng([-PAD, -PAD]),
      map.containerPointToLatLng([size.x + PAD, size.y + PAD]),
    );
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    L.DomUtil.setTransform(canvas, corner, 1);
    const scale = 2 ** this._zoom;
    const first = map.getPixelBounds().min;
    const [left, top] = [first.x - PAD, first.y - PAD];
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    this._paint(context, {
      zoom: this._zoom,
      scale,
      width,
      height,
      pad: PAD,
      x: (wx) => wx * scale - left,
      y: (wy) => wy * scale - top,
    });
  },
});
