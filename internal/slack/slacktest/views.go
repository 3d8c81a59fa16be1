package slacktest

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"
)

const (
	// triggerLife is how long a trigger can be used, once.
	triggerLife = 3 * time.Second
	// deepest is how many modals stand on each other.
	deepest = 3
	// largestView is one in bytes.
	largestView = 250_000
)

// trigger lets the app open one modal for somebody who did something.
type trigger struct {
	user string
	at   time.Time
	used bool
	// modal is the view that the person did it in; empty: none.
	modal string
}

// newTrigger makes one; the caller holds the lock.
func (s *Server) newTrigger(user, modal string) string {
	s.serial++
	id := strconv.FormatInt(s.now().UnixMilli(), 10) + "." + strconv.Itoa(s.serial) + "." + secret()
	s.triggers[id] = &trigger{user: user, at: s.now(), modal: modal}
	maps.DeleteFunc(s.triggers, func(_ string, t *trigger) bool { return s.now().Sub(t.at) > time.Hour })
	return id
}

func (s *Server) pull(id string) (*trigger, error) {
	t := s.triggers[id]
	switch {
	case id == "" || t == nil:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case s.now().Sub(t.at) > triggerLife:
		return nil, refuse("expired_trigger_id")
	}
	return t, nil
}

// view reads one that the app sent.
func (s *Server) view(raw, kind string) (*View, error) {
	if raw == "" {
		return nil, invalid("missing required field: view [json-pointer:/view]")
	}
	if len(raw) > largestView {
		return nil, refuse("view_too_large")
	}
	var object map[string]any
	if json.Unmarshal([]byte(raw), &object) != nil || object == nil {
		return nil, invalid("must be a valid view object [json-pointer:/view]")
	}
	if faults := lintView(object, kind); len(faults) > 0 {
		return nil, invalid(faults...)
	}
	v := &View{Type: kind, JSON: json.RawMessage(raw), At: s.now()}
	v.CallbackID, _ = object["callback_id"].(string)
	v.ExternalID, _ = object["external_id"].(string)
	v.PrivateMetadata, _ = object["private_metadata"].(string)
	v.NotifyOnClose, _ = object["notify_on_close"].(bool)
	v.ClearOnClose, _ = object["clear_on_close"].(bool)
	if title, is := object["title"].(map[string]any); is {
		v.Title, _ = title["text"].(string)
	}
	blocks, _ := object["blocks"].([]any)
	v.Blocks = s.complete(blocks)
	v.Values = held(v.Blocks)
	return v, nil
}

func invalid(faults ...string) error {
	return &refusal{"invalid_arguments", map[string]any{"response_metadata": map[string]any{"messages": marked(faults)}}}
}

// free: no other view has this external id.
func (s *Server) free(id, except string) error {
	if id == "" {
		return nil
	}
	for _, all := range []map[string]*View{s.views, s.homes} {
		for _, v := range all {
			if v.ExternalID == id && v.ID != except {
				return refuse("duplicate_external_id")
			}
		}
	}
	return nil
}

func (s *Server) viewsOpen(a args) (answer, error) {
	t, err := s.pull(a["trigger_id"])
	if err != nil {
		return nil, err
	}
	v, err := s.view(a["view"], "modal")
	if err != nil {
		return nil, err
	}
	if err := s.free(v.ExternalID, ""); err != nil {
		return nil, err
	}
	t.used = true
	s.closeAll(t.user) // a person sees one stack of an app's
	s.put(v, t.user)
	return answer{"view": s.viewObject(v)}, nil
}

func (s *Server) viewsPush(a args) (answer, error) {
	t, err := s.pull(a["trigger_id"])
	if err != nil {
		return nil, err
	}
	v, err := s.view(a["view"], "modal")
	if err != nil {
		return nil, err
	}
	if t.modal == "" || !slices.Contains(s.stacks[t.user], t.modal) {
		return nil, refuse("invalid_trigger_id") // nothing to stand on
	}
	if err := s.free(v.ExternalID, ""); err != nil {
		return nil, err
	}
	if len(s.stacks[t.user]) >= deepest {
		return nil, refuse("push_limit_reached")
	}
	t.used = true
	s.put(v, t.user)
	return answer{"view": s.viewObject(v)}, nil
}

// put opens a view on top of a person's stack.
func (s *Server) put(v *View, user string) {
	v.ID, v.User, v.Versions = s.id("V"), user, 1
	v.Root = v.ID
	if stack := s.stacks[user]; len(stack) > 0 {
		v.Root, v.Previous = stack[0], stack[len(stack)-1]
	}
	s.rehash(v)
	s.views[v.ID] = v
	s.stacks[user] = append(s.stacks[user], v.ID)
	s.touch()
}

func (s *Server) rehash(v *View) {
	s.serial++
	v.Hash = strconv.FormatInt(s.now().Unix(), 10) + "." + secret()[:8]
}

func (s *Server) viewsUpdate(a args) (answer, error) {
	old := s.views[a["view_id"]]
	if a["view_id"] == "" && a["external_id"] == "" {
		return nil, invalid("missing required field: view_id [json-pointer:/view_id]")
	}
	if old == nil && a["external_id"] != "" {
		for _, v := range s.views {
			if v.ExternalID == a["external_id"] {
				old = v
			}
		}
	}
	if old == nil {
		return nil, refuse("not_found")
	}
	v, err := s.view(a["view"], "modal")
	if err != nil {
		return nil, err
	}
	if a["hash"] != "" && a["hash"] != old.Hash {
		return nil, refuse("hash_conflict")
	}
	if err := s.free(v.ExternalID, old.ID); err != nil {
		return nil, err
	}
	s.replace(old, v)
	return answer{"view": s.viewObject(v)}, nil
}

// replace sets a view anew. What people typed stays where block and action are
// the same, as Slack keeps it.
func (s *Server) replace(old, v *View) {
	v.ID, v.User, v.Root, v.Previous, v.Versions = old.ID, old.User, old.Root, old.Previous, old.Versions+1
	for block, actions := range v.Values {
		for action := range actions {
			if kept, is := old.Values[block][action]; is {
				actions[action] = kept
			}
		}
	}
	s.rehash(v)
	s.views[v.ID] = v
	s.touch()
}

func (s *Server) viewsPublish(a args) (answer, error) {
	u, found := s.users[a["user_id"]]
	if !found || u.Deleted {
		return nil, invalid("invalid `user_id` [json-pointer:/user_id]")
	}
	v, err := s.view(a["view"], "home")
	if err != nil {
		return nil, err
	}
	old := s.homes[u.ID]
	if a["hash"] != "" && (old == nil || a["hash"] != old.Hash) {
		return nil, refuse("hash_conflict")
	}
	v.User, v.Versions = u.ID, 1
	if old != nil {
		v.ID, v.Versions = old.ID, old.Versions+1
	} else {
		v.ID = s.id("V")
	}
	v.Root = v.ID
	if err := s.free(v.ExternalID, v.ID); err != nil {
		return nil, err
	}
	s.rehash(v)
	s.homes[u.ID] = v
	s.touch()
	return answer{"view": s.viewObject(v)}, nil
}

// viewObject is a view as Slack shows it: what was sent, and what Slack adds.
func (s *Server) viewObject(v *View) map[string]any {
	object := map[string]any{"title": nil, "submit": nil, "close": nil, "clear_on_close": false, "notify_on_close": false,
		"callback_id": "", "private_metadata": "", "external_id": ""}
	var sent map[string]any
	_ = json.Unmarshal(v.JSON, &sent) // has been read before
	maps.Copy(object, sent)
	values := map[string]map[string]json.RawMessage{}
	maps.Copy(values, v.Values)
	for key, value := range map[string]any{
		"id": v.ID, "team_id": s.o.Team, "app_id": s.o.App, "bot_id": s.o.Bot, "app_installed_team_id": s.o.Team, "hash": v.Hash,
		"root_view_id": v.Root, "previous_view_id": nil, "blocks": v.Blocks, "state": map[string]any{"values": values},
	} {
		object[key] = value
	}
	if v.Previous != "" {
		object["previous_view_id"] = v.Previous
	}
	return object
}
