package slacktest

import (
	"strings"
	"testing"
	"time"
)

const modal = `{"type":"modal","callback_id":"reject","private_metadata":"m","external_id":"EXT","notify_on_close":true,` +
	`"title":{"type":"plain_text","text":"Reject"},"submit":{"type":"plain_text","text":"Send"},"blocks":[` +
	`{"type":"input","block_id":"why","label":{"type":"plain_text","text":"Why"},"element":{"type":"plain_text_input","action_id":"text","min_length":3}},` +
	`{"type":"input","block_id":"who","optional":true,"label":{"type":"plain_text","text":"Who"},"element":{"type":"users_select","action_id":"user"}}]}`

func with(external string) string { return strings.Replace(modal, "EXT", external, 1) }

func (s *Server) triggerFor(user, modal string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newTrigger(user, modal)
}

func TestOpeningModals(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	trigger := s.triggerFor("U0ANA", "")
	said := fine(t, call(t, s, "views.open", "trigger_id", trigger, "view", with("a")))
	view := said["view"].(object)
	id, hash := view["id"].(string), view["hash"].(string)
	for key, want := range map[string]any{"team_id": "T0TEST", "app_id": "A0TEST", "bot_id": "B0TEST", "callback_id": "reject", "private_metadata": "m",
		"external_id": "a", "root_view_id": id, "previous_view_id": nil, "type": "modal", "notify_on_close": true, "clear_on_close": false} {
		if view[key] != want {
			t.Errorf("%s is %v, not %v", key, view[key], want)
		}
	}
	refused(t, call(t, s, "views.open", "trigger_id", trigger, "view", with("b")), "exchanged_trigger_id")
	refused(t, call(t, s, "views.open", "trigger_id", "1.2.3", "view", with("b")), "invalid_trigger_id")
	late := s.triggerFor("U0ANA", "")
	s.Advance(triggerLife + time.Millisecond)
	refused(t, call(t, s, "views.open", "trigger_id", late, "view", with("b")), "expired_trigger_id")
	refused(t, call(t, s, "views.open", "trigger_id", s.triggerFor("U0BO", ""), "view", with("a")), "duplicate_external_id")
	refused(t, call(t, s, "views.update", "view_id", id, "hash", "1.x", "view", with("a")), "hash_conflict")
	said = fine(t, call(t, s, "views.update", "external_id", "a", "hash", hash, "view", with("a")))
	if under(said, "view", "id") != id || under(said, "view", "hash") == hash {
		t.Errorf("the updated view is %v", said)
	}
	refused(t, call(t, s, "views.update", "view_id", "V0NONE", "view", with("a")), "not_found")
	for i, external := range []string{"second", "third", "fourth"} {
		said := call(t, s, "views.push", "trigger_id", s.triggerFor("U0ANA", id), "view", with(external))
		if i == 2 {
			refused(t, said, "push_limit_reached")
		} else if fine(t, said); under(said, "view", "root_view_id") != id {
			t.Errorf("the pushed view is %v", said)
		}
	}
	refused(t, call(t, s, "views.push", "trigger_id", s.triggerFor("U0BO", ""), "view", with("x")), "invalid_trigger_id")
	if n := len(s.Views("U0ANA")); n != 3 {
		t.Errorf("%d modals are open", n)
	}
}

func TestBadViews(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for _, test := range [][2]string{
		{strings.Replace(modal, `"text":"Reject"`, `"text":"`+strings.Repeat("é", 25)+`"`, 1), "must be less than 25 characters [json-pointer:/view/title/text]"},
		{strings.Replace(modal, `"submit":{"type":"plain_text","text":"Send"},`, "", 1), "missing required field: submit [json-pointer:/view]"},
		{strings.Replace(modal, `"title":{"type":"plain_text","text":"Reject"},`, "", 1), "missing required field: title [json-pointer:/view]"},
		{strings.Replace(modal, `"private_metadata":"m"`, `"private_metadata":"`+strings.Repeat("m", 3001)+`"`, 1), "must be less than 3001 characters [json-pointer:/view/private_metadata]"},
		{strings.Replace(modal, `"min_length":3`, `"min_length":30,"max_length":3`, 1), "must be less than max_length [json-pointer:/view/blocks/0/element/min_length]"},
		{strings.Replace(modal, `"type":"modal"`, `"type":"home"`, 1), "must be a valid enum value [json-pointer:/view/type]"},
	} {
		trigger := s.triggerFor("U0ANA", "")
		said := call(t, s, "views.open", "trigger_id", trigger, "view", test[0])
		refused(t, said, "invalid_arguments")
		if got, _ := under(said, "response_metadata", "messages").([]any); len(got) != 1 || got[0] != "[ERROR] "+test[1] {
			t.Errorf("%v, not %s", got, test[1])
		}
		fine(t, call(t, s, "views.open", "trigger_id", trigger, "view", with(trigger))) // a refused view leaves the trigger
	}
}

func TestHomeTabs(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	home := `{"type":"home","blocks":[{"type":"divider"}]}`
	said := fine(t, call(t, s, "views.publish", "user_id", "U0ANA", "view", home))
	hash := under(said, "view", "hash").(string)
	said = fine(t, call(t, s, "views.publish", "user_id", "U0ANA", "hash", hash, "view", home))
	refused(t, call(t, s, "views.publish", "user_id", "U0ANA", "hash", hash, "view", home), "hash_conflict")
	refused(t, call(t, s, "views.publish", "user_id", "U0NOBODY", "view", home), "invalid_arguments")
	if v, found := s.Home("U0ANA"); !found || v.Versions != 2 || v.Hash != under(said, "view", "hash") {
		t.Errorf("the home tab is %v", v)
	}
}
