// The words of the pages: Chinese first, English second. One table, so that all faces agree.
export const english = document.documentElement.lang.toLowerCase().startsWith("en");

const WORDS = {
  // where a report or an event stands
  "state.unsent": ["待发送", "Not sent yet"],
  "state.sending": ["发送中", "Sending"],
  "state.fix": ["需修改", "Needs a change"],
  "state.sent": ["已上报", "Reported"],
  "state.registered": ["待签收", "Waiting"],
  "state.claimed": ["已签收", "Claimed"],
  "state.arrived": ["已到场", "On scene"],
  "state.responded": ["处置中", "In progress"],
  "state.handled": ["待核查", "To verify"],
  "state.closed": ["已办结", "Closed"],
  "state.cancelled": ["已撤回", "Withdrawn"],
  "state.void": ["已作废", "Cancelled"],
  "state.merged": ["已合并", "Merged"],
  "state.on_hold": ["已挂账", "On hold"],
  // a department's part
  "part.dispatched": ["待签收", "Waiting"],
  "part.claimed": ["已签收", "Claimed"],
  "part.arrived": ["已到场", "On scene"],
  "part.done": ["已处置", "Done"],
  "part.returned": ["已退回", "Returned"],
  "part.transferred": ["已转派", "Transferred"],
  "part.released": ["已解除协办", "Released"],
  "part.recalled": ["已收回", "Recalled"],
  "lead": ["主办", "Lead"],
  "support": ["协办", "Support"],
  // priority
  "P1": ["特急", "Critical"],
  "P2": ["紧急", "Urgent"],
  "P3": ["一般", "Normal"],
  "P4": ["低", "Low"],
  // roles
  "role.grid_worker": ["网格员", "Grid worker"],
  "role.officer": ["值班员", "Duty officer"],
  "role.supervisor": ["督导", "Supervisor"],
  "role.dispatcher": ["派遣员", "Dispatcher"],
  "role.auditor": ["审计", "Auditor"],
  "role.admin": ["系统管理员", "Administrator"],
  // stages
  "stage.respond": ["签收", "Response"],
  "stage.handle": ["处置", "Handling"],
  "stage.verify": ["核查", "Verification"],
  // actions
  "action.claim": ["签收", "Claim"],
  "action.arrive": ["到场", "Arrive"],
  "action.post": ["发消息", "Message"],
  "action.complete": ["办结", "Complete"],
  "action.return": ["退回", "Return"],
  "action.transfer": ["转派", "Transfer"],
  "action.request_support": ["拉人", "Ask support"],
  "action.release_support": ["解除协办", "Release support"],
  "action.verify": ["核查", "Verify"],
  "action.close": ["结案", "Close"],
  "action.reopen": ["重开", "Reopen"],
  "action.hold": ["挂账", "Hold"],
  "action.resume": ["恢复", "Resume"],
  "action.request_extension": ["申请延期", "Ask for time"],
  "action.decide_extension": ["延期审批", "Decide"],
  "action.urge": ["催办", "Urge"],
  "action.supervise": ["督办", "Supervise"],
  "action.escalate": ["提级", "Escalate"],
  "action.instruct": ["批示", "Instruct"],
  "action.reclassify": ["改类", "Reclassify"],
  "action.relocate": ["改址", "Relocate"],
  "action.reroute": ["重新分拨", "Reroute"],
  "action.merge": ["合并", "Merge"],
  "action.unmerge": ["拆分", "Unmerge"],
  "action.cancel": ["作废", "Cancel"],
  // kinds of timeline entries
  "kind.registered": ["登记", "Registered"],
  "kind.located": ["定位", "Located"],
  "kind.routed": ["分拨", "Routed"],
  "kind.dispatched": ["派遣", "Dispatched"],
  "kind.claimed": ["签收", "Claimed"],
  "kind.arrived": ["到场", "On scene"],
  "kind.posted": ["消息", "Message"],
  "kind.attached": ["附件", "Attached"],
  "kind.completed": ["办结", "Completed"],
  "kind.handled": ["处置完毕", "Handled"],
  "kind.returned": ["退回", "Returned"],
  "kind.transferred": ["转派", "Transferred"],
  "kind.support_requested": ["吹哨", "Support asked"],
  "kind.support_released": ["解除协办", "Support released"],
  "kind.verified": ["核查通过", "Verified"],
  "kind.reworked": ["返工", "Rework"],
  "kind.closed": ["结案", "Closed"],
  "kind.reopened": ["重开", "Reopened"],
  "kind.hold_requested": ["申请挂账", "Hold asked"],
  "kind.held": ["挂账", "On hold"],
  "kind.resumed": ["恢复", "Resumed"],
  "kind.extension_requested": ["申请延期", "Time asked"],
  "kind.extension_decided": ["延期审批", "Decided"],
  "kind.urged": ["催办", "Urged"],
  "kind.supervised": ["督办", "Supervised"],
  "kind.escalated": ["提级", "Escalated"],
  "kind.instructed": ["批示", "Instruction"],
  "kind.reclassified": ["改类", "Reclassified"],
  "kind.relocated": ["改址", "Relocated"],
  "kind.rerouted": ["重新分拨", "Rerouted"],
  "kind.merged": ["并入", "Merged"],
  "kind.absorbed": ["并案", "Absorbed"],
  "kind.unmerged": ["拆分", "Unmerged"],
  "kind.split": ["拆出", "Split off"],
  "kind.cancelled": ["作废", "Cancelled"],
  "kind.reminded": ["提醒", "Reminder"],
  "kind.overdue": ["超时", "Overdue"],
  "kind.updated": ["来源更新", "Source update"],
  "kind.withdrawal_asked": ["来源撤单", "Withdrawal asked"],
  "kind.return_granted": ["退单同意", "Return granted"],
  "kind.return_refused": ["退单驳回", "Return refused"],
  "kind.rated": ["评价", "Rated"],
  // supervision
  "supervision.plain": ["普通督办", "Supervised"],
  "supervision.yellow": ["黄牌督办", "Yellow card"],
  "supervision.red": ["红牌督办", "Red card"],
  // the line
  "line.live": ["实时", "Live"],
  "line.connecting": ["重连中", "Reconnecting"],
  "line.first": ["连接中", "Connecting"],
  "line.offline": ["离线（显示 {time} 的数据）", "Offline (data of {time})"],
  "line.offline_short": ["离线 {time}", "Offline {time}"],
  "line.stale": ["数据停更 {time}", "No update for {time}"],
  "line.caught_up": ["已补齐 {count} 条更新", "Caught up on {count} updates"],
  // refusals without words of their own
  "http.0": ["网络不通，请稍后重试", "The network does not answer; try again"],
  "http.401": ["登录已过期，请重新登录", "Signed out; sign in again"],
  "http.403": ["你没有这项权限", "You may not do this"],
  "http.404": ["没有找到，或你已无权查看", "Not found, or no longer yours to see"],
  "http.409": ["情况已有变化，请查看最新状态", "The event has changed meanwhile"],
  "http.413": ["文件太大", "The file is too large"],
  "http.429": ["操作太频繁，请稍候再试", "Too many requests; wait a moment"],
  "http.500": ["服务器出错，内容未丢失，请重试", "Server error; nothing is lost, try again"],
  "http.other": ["请求未被接受", "The request was not accepted"],
  // everywhere
  "cancel": ["取消", "Cancel"],
  "close": ["关闭", "Close"],
  "confirm": ["确定", "OK"],
  "retry": ["重试", "Retry"],
  "save": ["保存", "Save"],
  "send": ["发送", "Send"],
  "theme.auto": ["跟随系统", "System"],
  "theme.light": ["浅色", "Light"],
  "theme.dark": ["深色", "Dark"],
  "map.zoom_in": ["放大", "Zoom in"],
  "map.zoom_out": ["缩小", "Zoom out"],
  "map.here": ["当前位置", "Position"],
  // the phone
  "phone.auto": ["自动识别", "Automatic"],
  "phone.class": ["事件类别", "Class"],
  "phone.search_class": ["搜索类别", "Search classes"],
  "phone.no_class": ["没有匹配的类别", "No such class"],
  "phone.ask_position": ["上报时自动带上位置", "Reports carry your position"],
  "phone.allow_position": ["开启定位", "Allow"],
  "phone.outside_near": ["区外，距{name} {metres} 米", "Outside; {name} is {metres} m away"],
  "phone.open": ["查看", "Open"],
  "phone.more": ["更多类别", "More classes"],
  "phone.report": ["一键上报", "Report"],
  "phone.position": ["位置", "Position"],
  "phone.locating": ["正在定位…", "Finding your position…"],
  "phone.accuracy": ["±{metres} 米", "±{metres} m"],
  "phone.rough": ["定位较粗，可补充地址", "Rough position; an address helps"],
  "phone.old": ["{minutes} 分钟前的位置", "Position of {minutes} min ago"],
  "phone.denied": ["未允许定位，请填写地址", "Position is not allowed; type an address"],
  "phone.unavailable": ["暂时无法定位，请填写地址", "No position now; type an address"],
  "phone.outside": ["不在本区范围内", "Outside the district"],
  "phone.address": ["地址", "Address"],
  "phone.address_hint": ["路名门牌或附近建筑，例如：解放北路 812 号", "Street and number or a building nearby"],
  "phone.text": ["补充说明（可不填）", "What happened (optional)"],
  "phone.photo": ["拍照", "Photo"],
  "phone.photos": ["照片 {count}", "Photos {count}"],
  "phone.voice": ["语音", "Voice"],
  "phone.stop": ["停止 {time}", "Stop {time}"],
  "phone.no_mic": ["无法使用麦克风", "The microphone is not available"],
  "phone.remove": ["移除", "Remove"],
  "phone.kept": ["已存在本机，联网后自动发送", "Kept on this phone; it goes out by itself"],
  "phone.sending": ["正在上报…", "Reporting…"],
  "phone.sent": ["已上报", "Reported"],
  "phone.handlers": ["{names} 处理", "{names} on it"],
  "phone.unassigned": ["已进入分拨", "Being dispatched"],
  "phone.need_place": ["没有定位，请先填写地址", "There is no position: type an address first"],
  "phone.withdraw": ["撤回", "Withdraw"],
  "phone.withdraw_reason": ["误报，上报人撤回", "Withdrawn by the reporter"],
  "phone.withdrawn": ["已撤回", "Withdrawn"],
  "phone.withdraw_ask": ["撤回这条上报？", "Withdraw this report?"],
  "phone.mine": ["我的上报", "My reports"],
  "phone.unsent": ["待发 {count}", "{count} unsent"],
  "phone.empty": ["还没有上报", "No reports yet"],
  "phone.empty_hint": ["遇到情况，点“一键上报”即可，不必填写任何内容。", "One tap on “Report” is enough; nothing needs typing."],
  "phone.loading": ["正在读取…", "Loading…"],
  "phone.unread": ["无法读取上报记录", "Your reports could not be read"],
  "phone.pass": ["通过", "Pass"],
  "phone.fail": ["返工", "Rework"],
  "phone.verify_ask": ["已处置，请核查", "Handled: please verify"],
  "phone.fail_why": ["哪里没有处理好？", "What is still wrong?"],
  "phone.photo_sending": ["附件上传中 {percent}%", "File on its way {percent}%"],
  "phone.photo_waiting": ["附件待传 {count}", "{count} files to go"],
  "phone.photo_failed": ["有附件未能上传：{why}", "A file could not be sent: {why}"],
  "phone.fix": ["修改", "Change"],
  "phone.drop": ["丢弃", "Discard"],
  "phone.drop_ask": ["丢弃这条未发送的上报？此操作无法恢复。", "Discard this unsent report? It cannot be undone."],
  "phone.resend": ["立即重发", "Send now"],
  "phone.signed_out": ["登录已过期，上报已保存在本机", "Signed out; your reports are kept on this phone"],
  "phone.sign_in": ["重新登录", "Sign in"],
  "phone.no_store": ["浏览器不允许本机存储：关闭页面会丢失未发送的内容", "This browser cannot keep reports: closing the page loses unsent ones"],
  "phone.insecure": ["当前不是安全连接：定位、拍摄和离线保存可能不可用", "Not a secure connection: position, camera and offline use may fail"],
  "phone.no_sign_out": ["还有 {count} 条未发送，发送完才能退出", "{count} unsent reports: sign out after they are sent"],
  "phone.closed_at": ["{time} 办结", "Closed {time}"],
  "phone.departments": ["处置部门", "Departments"],
  // the operators' pages
  "ops.copied": ["已复制", "Copied"],
  "ops.sure": ["请确认", "Are you sure?"],
  "ops.find": ["查找", "Find"],
};

/** The words for `key`, with `{name}` filled from `values`; the key itself when it is unknown. */
export function t(key, values) {
  const pair = WORDS[key];
  const text = pair ? pair[english ? 1 : 0] : key;
  return values ? text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole) : text;
}

/** Whether there are words for `key`. */
export function known(key) {
  return key in WORDS;
}

const MARKS = {
  registered: { icon: "clock", tone: "warn" },
  claimed: { icon: "claim", tone: "info" },
  arrived: { icon: "arrive", tone: "info" },
  responded: { icon: "refresh", tone: "info" },
  handled: { icon: "verify", tone: "warn" },
  closed: { icon: "done", tone: "good" },
  cancelled: { icon: "undo", tone: "quiet" },
  merged: { icon: "merge", tone: "quiet" },
  on_hold: { icon: "hold", tone: "quiet" },
  unsent: { icon: "outbox", tone: "warn" },
  sending: { icon: "outbox", tone: "info" },
  fix: { icon: "warn", tone: "bad" },
  sent: { icon: "check", tone: "info" },
};

/** How a state is shown: {name, label, icon, tone}; tone is a modifier of `.tag`. */
export function mark(name) {
  return { name, label: t(`state.${name}`), ...(MARKS[name] ?? { icon: "info", tone: "quiet" }) };
}

/** The finer state people read: 处置中 splits by what the lead has done (已签收, 已到场). */
export function stateOf(event) {
  if (event.on_hold) return "on_hold";
  if (event.state !== "responded") return event.state;
  const lead = (event.assignments ?? []).find(
    (one) => one.role === "lead" && ["claimed", "arrived", "done"].includes(one.state),
  );
  if (lead?.state === "arrived") return "arrived";
  if (lead?.state === "claimed") return "claimed";
  return "responded";
}

/** Labels by name, for menus and legends. */
export const priorities = ["P1", "P2", "P3", "P4"].map((code) => ({
  code,
  icon: code.toLowerCase(),
  label: t(code),
}));
