// Package memory keeps the desk's tickets in the process.
package memory

import (
	"fmt"
	"maps"
	"sync"
)

// Ticket is a customer's problem.
type Ticket struct {
	ID       int    `json:"id"`
	Customer string `json:"customer"`
	Text     string `json:"text"`
}

// Store keeps tickets, labels and counts.
type Store struct {
	mu       sync.Mutex
	tickets  []Ticket
	titles   map[string]string
	urgency  map[string]int
	tags     map[string]string
	votes    map[string]int
	contacts []string
}

// New returns an empty store.
func New() *Store {
	return &Store{titles: map[string]string{"t-1": "broken"}, urgency: map[string]int{}, tags: map[string]string{}, votes: map[string]int{}}
}

// Add appends a ticket.
func (s *Store) Add(t Ticket) Ticket {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.ID = len(s.tickets) + 1
	s.tickets = append(s.tickets, t)
	return t
}

// SetTitle sets a ticket's title.
func (s *Store) SetTitle(id, title string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.titles[id] = title
}

// Drop removes a ticket's title.
func (s *Store) Drop(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.titles, id)
}

// Title reads a ticket's title.
func (s *Store) Title(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.titles[id]
}

// Escalate makes a ticket more urgent.
func (s *Store) Escalate(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.urgency[id]++
	return s.urgency[id]
}

// Tag sets a ticket's tag.
func (s *Store) Tag(id, tag string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tags[id] = tag
}

// Vote counts a vote for an answer.
func (s *Store) Vote(answer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.votes[answer]++
}

// Contact appends to the list of people to call back.
func (s *Store) Contact(who string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.contacts = append(s.contacts, who)
}

// Dump shows everything, for the debug page.
func (s *Store) Dump() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return map[string]string{
		"tickets":  fmt.Sprint(s.tickets),
		"titles":   fmt.Sprint(maps.Clone(s.titles)),
		"urgency":  fmt.Sprint(maps.Clone(s.urgency)),
		"tags":     fmt.Sprint(maps.Clone(s.tags)),
		"votes":    fmt.Sprint(maps.Clone(s.votes)),
		"contacts": fmt.Sprint(s.contacts),
	}
}
