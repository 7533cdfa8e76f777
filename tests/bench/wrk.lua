-- What wrk asks the page's API, as who has $COOKIE; with $GUARD: for a new case, each time. Its last line is JSON.
local n = 0

wrk.headers["Cookie"] = os.getenv("COOKIE")
wrk.headers["Accept-Language"] = "en"

if os.getenv("GUARD") then
  wrk.method = "POST"
  wrk.headers["X-Yizhan-Guard"] = os.getenv("GUARD")
  wrk.headers["Content-Type"] = "application/json"
  function request()
    n = n + 1
    return wrk.format(nil, nil, nil, string.format(
      '{"title":"%x%x","text":"村口的灯坏了三天，晚上老人走路不安全。","resident":"示例村民"}',
      math.random(0, 0xffffff), n))
  end
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format('{"requests":%d,"seconds":%f,"p99":%f,"failed":%d}\n', summary.requests,
    summary.duration / 1e6, latency:percentile(99) / 1e3, e.connect + e.read + e.write + e.status + e.timeout))
end
