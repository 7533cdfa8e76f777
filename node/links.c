#include "links.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 16384 };

/* What is there already comes as answers to this. */
static void ask(const struct links *l) {
  struct {
    struct nlmsghdr head;
    struct ifinfomsg link;
  } question = {.head = {.nlmsg_len = sizeof question,
                         .nlmsg_type = RTM_GETLINK,
                         .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
                .link = {.ifi_family = AF_UNSPEC}};
  (void)!send(l->fd, &question, sizeof question, 0);
}

void links_open(struct links *l) {
  const struct sockaddr_nl here = {.nl_family = AF_NETLINK,
                                   .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR |
                                                RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE |
                                                RTMGRP_IPV6_ROUTE};
  l->n = 0;
  l->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  if (l->fd < 0) return;
  if (bind(l->fd, (const struct sockaddr *)&here, sizeof here) == 0) {
    ask(l);
    return;
  }
  links_close(l);
}

void links_close(struct links *l) {
  if (l->fd >= 0) (void)close(l->fd);
  l->fd = -1;
}

/* Keeps how the link is; was it otherwise? */
static bool note(struct links *l, int index, bool up) {
  int i = 0;
  while (i < l->n && l->list[i].index != index) i++;
  if (i == LINKS_MOST) return true;
  bool changed = i == l->n ? up : l->list[i].up != up;
  if (i == l->n) l->n++;
  l->list[i].index = index;
  l->list[i].up = up;
  return changed;
}

static void forget(struct links *l, int index) {
  for (int i = 0; i < l->n; i++)
    if (l->list[i].index == index) l->list[i--] = l->list[--l->n];
}

static unsigned of_link(struct links *l, const struct nlmsghdr *h) {
  const struct ifinfomsg *m = NLMSG_DATA(h);
  if (h->nlmsg_len < NLMSG_LENGTH(sizeof *m) || (m->ifi_flags & IFF_LOOPBACK) != 0) return 0;
  if (h->nlmsg_type == RTM_DELLINK) {
    forget(l, m->ifi_index);
    return 0;
  }
  bool up = (m->ifi_flags & IFF_UP) != 0 && (m->ifi_flags & IFF_RUNNING) != 0;
  bool changed = note(l, m->ifi_index, up);
  return changed && up && (h->nlmsg_flags & NLM_F_MULTI) == 0 ? LINKS_UP : 0;
}

static unsigned of_road(const struct nlmsghdr *h) {
  const struct ifaddrmsg *address = NLMSG_DATA(h);
  const struct rtmsg *route = NLMSG_DATA(h);
  if (h->nlmsg_type == RTM_NEWADDR)
    return h->nlmsg_len >= NLMSG_LENGTH(sizeof *address) && address->ifa_scope < RT_SCOPE_LINK
               ? LINKS_ROAD
               : 0;
  return h->nlmsg_len >= NLMSG_LENGTH(sizeof *route) && route->rtm_type == RTN_UNICAST &&
                 route->rtm_table == RT_TABLE_MAIN
             ? LINKS_ROAD
             : 0;
}

static unsigned of_message(struct links *l, const struct nlmsghdr *h) {
  switch (h->nlmsg_type) {
  case RTM_NEWLINK:
  case RTM_DELLINK:
    return of_link(l, h);
  case RTM_NEWADDR:
  case RTM_NEWROUTE:
    return of_road(h);
  default:
    return 0;
  }
}

unsigned links_read(struct links *l) {
  union {
    struct nlmsghdr head;
    char bytes[ROOM];
  } room;
  unsigned news = 0;
  while (l->fd >= 0) {
    struct sockaddr_nl from = {0};
    socklen_t from_len = sizeof from;
    ssize_t got = recvfrom(l->fd, &room, sizeof room, 0, (struct sockaddr *)&from, &from_len);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == ENOBUFS) news |= LINKS_UP; /* too much at once: some was lost */
    if (got <= 0) break;
    if (from.nl_pid != 0) continue; /* not the kernel's */
    size_t left = (size_t)got;
    for (const struct nlmsghdr *h = &room.head; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left))
      news |= of_message(l, h);
  }
  return news;
}
