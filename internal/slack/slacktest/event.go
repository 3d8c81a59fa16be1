package slacktest

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// OpenHome is a person's look at the app's home tab.
func (s *Server) OpenHome(user string) (Outcome, error) {
	s.mu.Lock()
	_, err := s.who(user)
	if err != nil {
		s.mu.Unlock()
		return Outcome{}, err
	}
	dm := s.dm(user)
	if dm == "" {
		dm = s.open(Direct, []string{s.o.BotUser, user}).ID
	}
	event := map[string]any{"type": "app_home_opened", "user": user, "channel": dm, "tab": "home", "event_ts": s.stamp()}
	if v := s.homes[user]; v != nil {
		event["view"] = s.viewObject(v)
	}
	s.mu.Unlock()
	return s.event(event), nil
}

// Event tells the app of something: user_change of a user, channel_shared of a
// channel, app_uninstalled or tokens_revoked, after which the bot's token is no
// good. It waits for the first attempt; what is not taken comes again at once, after
// one minute and after five of the workspace's clock.
func (s *Server) Event(kind, about string) (Outcome, error) {
	s.mu.Lock()
	event := map[string]any{"type": kind, "event_ts": s.stamp()}
	var err error
	switch kind {
	case "user_change":
		u, whoErr := s.who(about)
		err = whoErr
		event["user"], event["cache_ts"] = s.userObject(u), s.now().Unix()
	case "channel_shared":
		event["channel"], event["connected_team_id"] = about, "T0ELSEWHERE"
	case "tokens_revoked":
		event["tokens"] = map[string]any{"oauth": []string{}, "bot": []string{s.o.BotUser}}
		s.revoked[s.o.BotToken] = true
	case "app_uninstalled":
		s.revoked[s.o.BotToken] = true
	default:
		err = fmt.Errorf("telling of %s: no app of ours hears of it", kind)
	}
	s.mu.Unlock()
	if err != nil {
		return Outcome{}, err
	}
	return s.event(event), nil
}

func (s *Server) event(event map[string]any) Outcome {
	s.mu.Lock()
	s.serial++
	o := s.o
	payload := map[string]any{"token": s.verification, "team_id": o.Team, "api_app_id": o.App, "event": event, "type": "event_callback",
		"event_id": "Ev0TEST" + strconv.Itoa(s.serial), "event_time": s.now().Unix(), "is_ext_shared_channel": false,
		"event_context": "4-" + secret(), "context_team_id": o.Team, "context_enterprise_id": nil,
		"authorizations": []any{map[string]any{"enterprise_id": nil, "team_id": o.Team, "user_id": o.BotUser, "is_bot": true, "is_enterprise_install": false}}}
	s.mu.Unlock()
	raw, err := json.Marshal(payload)
	if err != nil {
		return Outcome{why: "internal_error"}
	}
	d := s.forged(Events, raw, o.Secret, s.Now())
	out := s.deliver(d)
	if !out.Acked && !out.final {
		begun := s.Now()
		s.beside(func() { s.retry(d, begun, out.why) })
	}
	return out
}

// retry delivers an event until it is taken, three times at most: the same event,
// signed anew, or in a new envelope.
func (s *Server) retry(d Delivery, begun time.Time, why string) {
	for i, after := range []time.Duration{0, time.Minute, 5 * time.Minute} {
		s.sleep(begun.Add(after), nil)
		ctx, cancel := s.until(context.Background())
		if ctx.Err() != nil {
			cancel()
			return
		}
		d = s.forged(Events, d.Payload, s.o.Secret, s.Now())
		d.Attempt, d.Reason = i+1, why
		d.Header.Set("X-Slack-Retry-Num", strconv.Itoa(d.Attempt))
		d.Header.Set("X-Slack-Retry-Reason", why)
		out := s.deliver(d)
		cancel()
		if out.Acked || out.final {
			return
		}
		why = out.why
	}
}
