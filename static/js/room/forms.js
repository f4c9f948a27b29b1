/**
 * What each action asks for before it is done: a table.
 *
 * Fields: {name, kind, label, required?, placeholder?, templates?}. Kinds: text (several lines),
 * line, departments (one or many), time, level, verdict, category, condition, number, photos.
 * An action without fields is done by the button alone.
 */
const reason = (label, templates) => ({
  name: "reason",
  kind: "text",
  label,
  required: true,
  templates,
});
const note = (label, placeholder = "可以不填") => ({ name: "text", kind: "text", label, placeholder });

export const FORMS = {
  claim: { fields: [] },
  arrive: { fields: [] },
  resume: { fields: [] },
  complete: {
    lead: "说明处置结果。全部主办和必须的协办办结后，事件进入核查。",
    fields: [
      {
        name: "text",
        kind: "text",
        label: "处置结果",
        required: true,
        templates: [
          "已到现场处置完毕，现场恢复正常。",
          "人员已安全找到，已移交家属。",
          "经现场核查，情况不属实，未发现异常。",
          "已处置，后续由责任单位跟进。",
        ],
      },
      { name: "attachments", kind: "photos", label: "处置后照片", role: "after" },
    ],
  },
  return: {
    danger: true,
    lead: "退回后本部门不再负责，也看不到此事件；次数会被记录。",
    fields: [reason("退回理由", ["不属于本部门职责。", "地点不在本辖区。", "重复事件，已在处置。"])],
  },
  transfer: {
    lead: "由接收部门继续办理；原时限不变。",
    fields: [
      { name: "department", kind: "departments", label: "转派给", required: true, many: false },
      reason("转派理由", ["属该部门职责范围。", "地点在该部门辖区。"]),
    ],
  },
  request_support: {
    lead: "被请求的部门立即看到事件并收到提醒。",
    fields: [
      { name: "departments", kind: "departments", label: "请求协办", required: true, many: true },
      reason("需要做什么", ["请派员到现场协助。", "请调取周边视频。", "请协助疏散围观群众。"]),
    ],
  },
  release_support: {
    fields: [
      {
        name: "departments",
        kind: "participants",
        label: "解除协办的部门",
        required: true,
        role: "support",
      },
      { name: "reason", kind: "text", label: "说明", placeholder: "可以不填" },
    ],
  },
  verify: {
    fields: [
      { name: "passed", kind: "verdict", label: "核查结论", required: true },
      { name: "text", kind: "text", label: "说明", placeholder: "不通过时请写明需要返工的内容" },
    ],
  },
  close: { fields: [note("结案说明")] },
  reopen: { fields: [reason("重开理由")] },
  hold: {
    lead: "挂账期间停止计时。",
    fields: [reason("挂账理由"), { name: "until", kind: "time", label: "挂账至" }],
  },
  request_extension: {
    fields: [
      reason("延期理由"),
      { name: "until", kind: "time", label: "延期至", required: true },
    ],
  },
  decide_extension: {
    fields: [
      { name: "granted", kind: "verdict", label: "审批", required: true, words: ["同意", "不同意"] },
      note("意见"),
    ],
  },
  urge: { fields: [note("催办内容")] },
  supervise: {
    fields: [{ name: "level", kind: "level", label: "督办等级", required: true }, note("督办要求")],
  },
  escalate: { fields: [note("提级说明")] },
  instruct: { fields: [{ name: "text", kind: "text", label: "批示", required: true }] },
  choose_limit: {
    lead: "现场情形决定时限。时限从原来的起点算起，不另给时间。",
    fields: [{ name: "condition", kind: "condition", label: "立案条件" }],
  },
  reclassify: {
    fields: [
      { name: "category", kind: "category", label: "改为", required: true },
      { name: "reason", kind: "text", label: "说明", placeholder: "可以不填" },
    ],
  },
  relocate: {
    lead: "写地址或路口，系统重新定位；上报人原来的位置会保留。",
    fields: [
      { name: "address", kind: "line", label: "新地址", required: true },
      { name: "reason", kind: "text", label: "说明", placeholder: "可以不填" },
    ],
  },
  reroute: { fields: [reason("重新分拨的理由")] },
  merge: { fields: [{ name: "into", kind: "number", label: "并入事件编号", required: true }] },
  unmerge: { fields: [{ name: "number", kind: "number", label: "拆出事件编号", required: true }] },
  cancel: { danger: true, fields: [reason("作废理由", ["误报。", "测试事件。"])] },
};

/** Single keys of the actions, outside inputs. */
export const ACTION_KEYS = {
  claim: "C",
  transfer: "T",
  request_support: "I",
  arrive: "A",
  complete: "E",
  return: "X",
  merge: "G",
  supervise: "S",
};

/** The row of buttons each role has at hand, in its fixed order; the rest is under 更多. */
export const AT_HAND = {
  officer: ["claim", "arrive", "complete", "transfer", "request_support", "return"],
  supervisor: ["verify", "urge", "supervise", "instruct", "escalate", "decide_extension"],
  dispatcher: ["reroute", "reclassify", "relocate", "merge", "verify", "cancel"],
  grid_worker: ["verify", "cancel"],
  auditor: [],
  admin: [],
};
