package slacktest

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (s *Server) authTest(args) (answer, error) {
	said := answer{
		"url": "https://" + s.o.Domain + ".slack.com/", "team": s.o.TeamName, "user": s.users[s.o.BotUser].Name,
		"team_id": s.o.Team, "user_id": s.o.BotUser, "bot_id": s.o.Bot, "is_enterprise_install": false,
	}
	if s.o.Enterprise != "" {
		said["enterprise_id"] = s.o.Enterprise
	}
	return said, nil
}

func (s *Server) teamInfo(args) (answer, error) {
	team := map[string]any{"id": s.o.Team, "name": s.o.TeamName, "domain": s.o.Domain, "email_domain": "", "icon": map[string]any{"image_default": true}}
	if s.o.Enterprise != "" {
		team["enterprise_id"], team["enterprise_name"] = s.o.Enterprise, s.o.TeamName
	}
	return answer{"team": team}, nil
}

// userObject is a user as Slack shows them: an address only to who may read it,
// and of somebody deactivated hardly anything.
func (s *Server) userObject(u User) map[string]any {
	profile := map[string]any{
		"real_name": u.RealName, "real_name_normalized": u.RealName, "display_name": u.Name, "display_name_normalized": u.Name,
		"status_text": "", "status_emoji": "", "status_expiration": 0, "avatar_hash": "ge3b51ca72de", "team": u.Team,
	}
	if u.Email != "" && slices.Contains(s.o.Scopes, "users:read.email") {
		profile["email"] = u.Email
	}
	if u.ID == s.o.BotUser {
		profile["api_app_id"], profile["bot_id"] = s.o.App, s.o.Bot
	}
	object := map[string]any{"id": u.ID, "team_id": u.Team, "name": u.Name, "deleted": u.Deleted, "profile": profile,
		"is_bot": u.Bot, "is_app_user": false, "updated": 1502138686}
	if u.Stranger {
		object["is_stranger"] = true
	}
	if s.o.Enterprise != "" && u.Team == s.o.Team {
		object["enterprise_user"] = map[string]any{"id": "W" + u.ID[1:], "enterprise_id": s.o.Enterprise, "enterprise_name": s.o.TeamName,
			"is_admin": false, "is_owner": false, "teams": []string{s.o.Team}}
	}
	if u.Deleted {
		return object
	}
	zone, err := time.LoadLocation(u.TZ)
	if err != nil {
		zone = time.UTC
	}
	label, offset := s.now().In(zone).Zone()
	for key, value := range map[string]any{
		"color": "9f69e7", "real_name": u.RealName, "tz": u.TZ, "tz_label": label, "tz_offset": offset,
		"is_admin": false, "is_owner": false, "is_primary_owner": false, "is_email_confirmed": true, "who_can_share_contact_card": "EVERYONE",
		"is_restricted": u.Restricted || u.UltraRestricted, "is_ultra_restricted": u.UltraRestricted,
	} {
		object[key] = value
	}
	return object
}

func (s *Server) usersInfo(a args) (answer, error) {
	u, found := s.users[a["user"]]
	if !found {
		return nil, refuse("user_not_found")
	}
	return answer{"user": s.userObject(u)}, nil
}

func (s *Server) usersLookup(a args) (answer, error) {
	for _, u := range inOrder(s.users) {
		if !u.Deleted && u.Email != "" && u.Team == s.o.Team && strings.EqualFold(u.Email, a["email"]) {
			return answer{"user": s.userObject(u)}, nil
		}
	}
	return nil, refuse("users_not_found")
}

func (s *Server) usersList(a args) (answer, error) {
	all := inOrder(s.users)
	from, to, next, err := page(a, len(all))
	if err != nil {
		return nil, err
	}
	members := []any{}
	for _, u := range all[from:to] {
		members = append(members, s.userObject(u))
	}
	return answer{"members": members, "cache_ts": s.now().Unix(), "response_metadata": map[string]any{"next_cursor": next}}, nil
}

// page is what a call with limit and cursor gets of n (Slack, "Pagination").
func page(a args, n int) (from, to int, next string, err error) {
	if cursor := a["cursor"]; cursor != "" {
		raw, err := base64.StdEncoding.DecodeString(cursor)
		if err != nil {
			return 0, 0, "", refuse("invalid_cursor")
		}
		if from, err = strconv.Atoi(strings.TrimPrefix(string(raw), "at:")); err != nil || from < 0 || from > n {
			return 0, 0, "", refuse("invalid_cursor")
		}
	}
	to = n
	if a["limit"] != "" {
		limit, err := strconv.Atoi(a["limit"])
		if err != nil || limit < 0 || limit > 1000 {
			return 0, 0, "", refuse("invalid_limit")
		}
		if limit > 0 {
			to = min(n, from+limit)
		}
	}
	if to < n {
		next = base64.StdEncoding.EncodeToString([]byte("at:" + strconv.Itoa(to)))
	}
	return from, to, next, nil
}

func (s *Server) groupsList(a args) (answer, error) {
	all := []any{}
	for _, g := range inOrder(s.groups) {
		if g.Disabled && !a.is("include_disabled") {
			continue
		}
		object := map[string]any{"id": g.ID, "team_id": s.o.Team, "is_usergroup": true, "name": g.Name, "handle": g.Handle, "description": "",
			"is_external": false, "date_create": 1446598059, "date_update": 1446670362, "date_delete": 0, "auto_type": nil,
			"created_by": "USLACKBOT", "updated_by": "USLACKBOT", "deleted_by": nil, "prefs": map[string]any{"channels": []string{}, "groups": []string{}}}
		if g.Disabled {
			object["date_delete"] = 1446748865
		}
		if a.is("include_users") {
			object["users"] = append([]string{}, g.Users...)
		}
		if a.is("include_count") {
			object["user_count"] = len(g.Users)
		}
		all = append(all, object)
	}
	return answer{"usergroups": all}, nil
}

func (s *Server) groupsUsers(a args) (answer, error) {
	g, found := s.groups[a["usergroup"]]
	if !found || g.Disabled && !a.is("include_disabled") {
		return nil, refuse("no_such_subteam")
	}
	return answer{"users": append([]string{}, g.Users...)}, nil
}

// dndInfo tells the next quiet window; a snooze is told to its owner alone.
func (s *Server) dndInfo(a args) (answer, error) {
	u, found := s.users[a["user"]]
	if !found {
		return nil, refuse("user_not_found")
	}
	if u.QuietTo.IsZero() {
		return answer{"dnd_enabled": false, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}, nil
	}
	return answer{"dnd_enabled": true, "next_dnd_start_ts": u.QuietFrom.Unix(), "next_dnd_end_ts": u.QuietTo.Unix()}, nil
}
