package slacktest

import (
	"regexp"
	"slices"
	"strings"
)

// channelObject is a conversation as Slack shows it.
func (s *Server) channelObject(c Channel) map[string]any {
	object := map[string]any{"id": c.ID, "created": 1449252889, "is_archived": c.Archived, "is_im": c.Kind == Direct, "is_org_shared": false, "context_team_id": s.o.Team}
	if c.Kind == Direct {
		object["user"], object["priority"] = s.other(c), 0
		object["is_user_deleted"] = s.users[s.other(c)].Deleted
		return object
	}
	for key, value := range map[string]any{
		"name": c.Name, "name_normalized": c.Name, "is_channel": c.Kind == Public, "is_group": c.Kind == Private, "is_mpim": c.Kind == Several,
		"is_private": c.Kind != Public, "is_general": false, "unlinked": 0, "creator": s.o.BotUser, "is_shared": c.ExtShared, "is_ext_shared": c.ExtShared,
		"is_pending_ext_shared": c.PendingExtShared, "pending_shared": []string{}, "pending_connected_team_ids": []string{},
		"shared_team_ids": []string{s.o.Team}, "is_member": slices.Contains(c.Members, s.o.BotUser), "previous_names": []string{},
		"topic":   map[string]any{"value": "", "creator": "", "last_set": 0},
		"purpose": map[string]any{"value": "", "creator": "", "last_set": 0},
	} {
		object[key] = value
	}
	return object
}

// other is whom a direct conversation is with.
func (s *Server) other(c Channel) string {
	for _, id := range c.Members {
		if id != s.o.BotUser {
			return id
		}
	}
	return ""
}

// seen is a conversation that the app can see: not a private one it is not in.
func (s *Server) seen(id string) (Channel, error) {
	c, found := s.channels[id]
	if !found || c.Kind != Public && !slices.Contains(c.Members, s.o.BotUser) {
		return c, refuse("channel_not_found")
	}
	return c, nil
}

func (s *Server) conversationsInfo(a args) (answer, error) {
	c, err := s.seen(a["channel"])
	if err != nil {
		return nil, err
	}
	needed := map[ChannelKind]string{Public: "channels:read", Private: "groups:read", Direct: "im:read", Several: "mpim:read"}[c.Kind]
	if !slices.Contains(s.o.Scopes, needed) {
		return nil, s.missing(needed)
	}
	object := s.channelObject(c)
	if a.is("include_num_members") {
		object["num_members"] = len(c.Members)
	}
	return answer{"channel": object}, nil
}

func (s *Server) conversationsOpen(a args) (answer, error) {
	if a["channel"] != "" {
		c, err := s.seen(a["channel"])
		if err != nil {
			return nil, err
		}
		if c.Kind != Direct && c.Kind != Several {
			return nil, refuse("method_not_supported_for_channel_type")
		}
		return s.opened(a, c, true), nil
	}
	users := a.list("users")
	switch {
	case len(users) == 0:
		return nil, refuse("users_list_not_supplied")
	case len(users) > 8:
		return nil, refuse("too_many_users")
	}
	for _, id := range users {
		u, found := s.users[id]
		switch {
		case !found:
			return nil, refuse("user_not_found")
		case u.Deleted:
			return nil, refuse("user_disabled")
		case u.Bot:
			return nil, refuse("invalid_user_combination")
		}
	}
	kind, scope := Direct, "im:write"
	if len(users) > 1 {
		kind, scope = Several, "mpim:write"
	}
	if !slices.Contains(s.o.Scopes, scope) {
		return nil, s.missing(scope)
	}
	members := append([]string{s.o.BotUser}, users...)
	slices.Sort(members)
	members = slices.Compact(members)
	for _, c := range inOrder(s.channels) {
		there := slices.Sorted(slices.Values(c.Members))
		if c.Kind == kind && slices.Equal(there, members) {
			return s.opened(a, c, true), nil
		}
	}
	return s.opened(a, s.open(kind, members), false), nil
}

func (s *Server) open(kind ChannelKind, members []string) Channel {
	c := Channel{ID: s.id("D"), Kind: kind, Members: members}
	if kind == Several {
		c.ID, c.Name = s.id("G"), "mpdm-"+strings.ToLower(strings.Join(members, "--"))+"-1"
	}
	s.channels[c.ID] = c
	s.touch()
	return c
}

func (s *Server) opened(a args, c Channel, already bool) answer {
	said := answer{"channel": map[string]any{"id": c.ID}}
	if a.is("return_im") {
		said["channel"] = s.channelObject(c)
	}
	if already {
		said["no_op"], said["already_open"] = true, true
	}
	return said
}

func (s *Server) conversationsCreate(a args) (answer, error) {
	name, kind, scope := a["name"], Public, "channels:manage"
	if a.is("is_private") {
		kind, scope = Private, "groups:write"
	}
	switch {
	case !slices.Contains(s.o.Scopes, scope):
		return nil, s.missing(scope)
	case name == "":
		return nil, refuse("invalid_name_required")
	case len(name) > 80:
		return nil, refuse("invalid_name_maxlength")
	case !regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}_-]+$`).MatchString(name):
		return nil, refuse("invalid_name_specials")
	}
	for _, c := range s.channels {
		if c.Name == name {
			return nil, refuse("name_taken")
		}
	}
	c := Channel{ID: s.id("C"), Name: name, Kind: kind, Members: []string{s.o.BotUser}}
	s.channels[c.ID] = c
	s.touch()
	return answer{"channel": s.channelObject(c)}, nil
}

func (s *Server) conversationsInvite(a args) (answer, error) {
	c, err := s.seen(a["channel"])
	users := a.list("users")
	switch {
	case err != nil:
		return nil, err
	case c.Kind == Direct || c.Kind == Several:
		return nil, refuse("method_not_supported_for_channel_type")
	case c.Archived:
		return nil, refuse("is_archived")
	case !slices.Contains(c.Members, s.o.BotUser):
		return nil, refuse("not_in_channel")
	case len(users) == 0:
		return nil, refuse("no_user")
	}
	for _, id := range users {
		u, found := s.users[id]
		switch {
		case !found || u.Deleted:
			return nil, refuse("user_not_found")
		case id == s.o.BotUser:
			return nil, refuse("cant_invite_self")
		case slices.Contains(c.Members, id):
			return nil, refuse("already_in_channel")
		case u.UltraRestricted:
			return nil, refuse("ura_max_channels")
		}
	}
	c.Members = append(slices.Clone(c.Members), users...)
	s.channels[c.ID] = c
	s.touch()
	return answer{"channel": s.channelObject(c)}, nil
}

func (s *Server) conversationsJoin(a args) (answer, error) {
	c, found := s.channels[a["channel"]]
	switch {
	case !found || c.Kind == Private:
		return nil, refuse("channel_not_found")
	case c.Kind != Public:
		return nil, refuse("method_not_supported_for_channel_type")
	case c.Archived:
		return nil, refuse("is_archived")
	case slices.Contains(c.Members, s.o.BotUser):
		return answer{"channel": s.channelObject(c), "warning": "already_in_channel",
			"response_metadata": map[string]any{"warnings": []string{"already_in_channel"}}}, nil
	}
	c.Members = append(slices.Clone(c.Members), s.o.BotUser)
	s.channels[c.ID] = c
	s.touch()
	return answer{"channel": s.channelObject(c)}, nil
}
