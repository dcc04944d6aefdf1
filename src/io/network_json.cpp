#include "ombre/io/network_json.hpp"

#include <array>
#include <utility>

#include "both_ways.hpp"

namespace ombre::inline v0::io::both_ways {

using namespace plans;  // NOLINT: this file is about nothing else

inline constexpr std::array all_days{Weekday::monday,   Weekday::tuesday, Weekday::wednesday,
                                     Weekday::thursday, Weekday::friday,  Weekday::saturday,
                                     Weekday::sunday};

template <class Way, Is<Kit> V>
void fields(Way& way, V& v) {
  way.flag("naloxone", v.naloxone);
  way.flag("knows_how", v.knows_how);
  way.texts("items", v.items);
}

template <class Way, Is<NetworkMember> V>
void fields(Way& way, V& v) {
  way.required_name("id", v.id);
  way.name("name", v.name);
  way.choice("kind", v.kind);
  way.name("role", v.role);
  way.texts("channels", v.channels);
  way.flag("certified", v.certified);
  way.object_or("kit", v.kit);
  way.flag("unconditional", v.unconditional);
}

template <class Way, Is<Tie> V>
void fields(Way& way, V& v) {
  way.required_name("a", v.a);
  way.required_name("b", v.b);
  way.name("how", v.how);
}

static void days_in(ReadWay& way, WeekdaySet& days) {
  taper_json::each(way.in(), "days", 8, true, [&](const JsonView& item) {
    const std::string_view text = item.value->as_text().value_or("");
    bool found = false;
    for (const Weekday d : all_days) {
      if (text != "every_day" && text != ombre::name(d)) continue;
      days.insert(d);
      found = true;
    }
    if (!found) {
      way.read().refuse(item, Errc::unknown_name,
                        "must be a weekday such as \"monday\", or "
                        "\"every_day\"");
    }
  });
}
static void days_out(WriteWay& way, const WeekdaySet& days) {
  Json list = Json::list();
  if (days.full()) {
    list.add(Json::text("every_day"));
  } else {
    for (const Weekday d : all_days) {
      if (days.contains(d)) list.add(Json::text(ombre::name(d)));
    }
  }
  way.out().put("days", std::move(list));
}

template <class Way, Is<Shift> V>
void fields(Way& way, V& v) {
  way.required_name("member", v.member);
  if constexpr (Way::reading) {
    days_in(way, v.days);
  } else {
    days_out(way, v.days);
  }
  way.clock("from", v.from_minute);
  way.clock("to", v.to_minute);
  way.date("first", v.first);
  way.date("last", v.last);
}

template <class Way, Is<Consent> V>
void fields(Way& way, V& v) {
  way.required_name("to", v.to);
  way.choices("scopes", v.scopes);
  way.date("given", v.given);
  way.date("until", v.until);
  way.date("withdrawn", v.withdrawn);
}

template <class Way, Is<Contact> V>
void fields(Way& way, V& v) {
  way.date("on", v.on);
  way.clock("at", v.minute);
  way.name("with", v.with);
  way.choice("mode", v.mode);
  way.flag_or("person_reached_out", v.person_reached_out, false);
}

template <class Way, Is<DisclosureEntry> V>
void fields(Way& way, V& v) {
  way.choice("kind", v.kind);
  way.date("happened", v.happened);
  way.date("known", v.known);
  way.flag("self_reported", v.self_reported);
  way.name("to", v.to);
  way.choice_or("answer", v.answer, DisclosureAnswer::listened);
}

template <class Way, Is<ReturnPath> V>
void fields(Way& way, V& v) {
  way.required_name("place", v.place);
  way.flag_or("held", v.held, false);
  way.date("held_until", v.held_until);
  way.flag("new_intake", v.new_intake);
  way.number("hours", v.hours, 0, 100'000);
  way.name("call", v.call);
  way.flag("any_hour", v.any_hour);
}

template <class Way, Is<Housing> V>
void fields(Way& way, V& v) {
  way.choice("kind", v.kind);
  way.date("from", v.from);
  way.date("until", v.until);
  way.flag("safe", v.safe);
  way.flag("conditional_on_abstinence", v.conditional_on_abstinence);
}

template <class Way, Is<Referral> V>
void fields(Way& way, V& v) {
  way.required_name("to", v.to);
  way.words("for_what", v.for_what);
  way.choice_or("status", v.status, ReferralStatus::offered);
  way.date("since", v.since);
  way.flag("warm_handover", v.warm_handover);
}

template <class Way, Is<GroupSession> V>
void fields(Way& way, V& v) {
  way.date("on", v.on);
  way.required_name("group", v.group);
  way.flag_or("drop_in", v.drop_in, true);
  way.flag("attended", v.attended);
}

template <class Way, Is<EducationItem> V>
void fields(Way& way, V& v) {
  way.required_name("topic", v.topic);
  way.choice_or("learner", v.learner, Learner::person);
  way.date("delivered", v.delivered);
}

template <class Way, Is<SkillModule> V>
void fields(Way& way, V& v) {
  way.required_name("skill", v.skill);
  way.choice_or("learner", v.learner, Learner::person);
  way.date("practised", v.practised);
}

template <class Way, Is<Checkin> V>
void fields(Way& way, V& v) {
  way.date("on", v.on);
  way.number("body", v.body, 0, 10);
  way.number("mood", v.mood, 0, 10);
  way.number("craving", v.craving, 0, 10);
}

template <class Way, Is<SupplyRequest> V>
void fields(Way& way, V& v) {
  way.required_name("what", v.what);
  way.date("asked", v.asked);
  way.date("given", v.given);
}

template <class Way, Is<ToxicologyResult> V>
void fields(Way& way, V& v) {
  way.date("on", v.on);
  way.required_name("assay", v.assay);
  way.flag("found", v.found);
  way.choice("purpose", v.purpose);
}

template <class Way, Is<Medication> V>
void fields(Way& way, V& v) {
  way.required_name("name", v.name);
  way.flag("prescribed", v.prescribed);
  way.name("prescriber", v.prescriber);
  way.name("administered_by", v.administered_by);
  way.flag("qualified", v.qualified);
}

template <class Way, Is<EntryRule> V>
void fields(Way& way, V& v) {
  way.required_name("service", v.service);
  way.integer("hours_without_use", v.hours_without_use, 0, 100'000);
  way.integer("abstinent_days", v.abstinent_days, 0, 100'000);
  way.flag("negative_test", v.negative_test);
  way.flag("wish_to_stop", v.wish_to_stop);
  way.flag("use_first_treated", v.use_first_treated);
  way.flag("out_after_use", v.out_after_use);
  way.integer("waiting_days", v.waiting_days, 0, 100'000);
  way.flag("drop_in", v.drop_in);
  way.words("medical_reason", v.medical_reason);
}

template <class Way, Is<CommunityPolicy> V>
void fields(Way& way, V& v) {
  way.required_name("site", v.site);
  way.flag_or("use_on_site", v.use_on_site, false);
  way.flag_or("prescribed_medicine_only", v.prescribed_medicine_only, true);
  way.flag_or("medicine_by_qualified_staff", v.medicine_by_qualified_staff, true);
  way.name("safe_place", v.safe_place);
}

template <class Way, Is<AftercarePlan> V>
void fields(Way& way, V& v) {
  way.date("from", v.from);
  way.texts("with", v.with);
  way.integer_or("contact_every_days", v.contact_every_days, 1, 366, 7);
  way.texts("what", v.what);
  way.date("looked_at", v.looked_at);
}

template <class Way, Is<DetoxPreparation> V>
void fields(Way& way, V& v) {
  way.required_name("substance", v.substance);
  way.date("start", v.start);
  way.texts("done", v.done);
  way.texts("not_needed", v.not_needed);
}

template <class Way, Is<CareRecord> V>
void fields(Way& way, V& v) {
  way.list("housing", v.housing);
  way.list("referrals", v.referrals);
  way.list("groups", v.groups);
  way.list("education", v.education);
  way.list("skills", v.skills);
  way.list("checkins", v.checkins);
  way.list("supplies", v.supplies);
  way.list("tests", v.tests);
  way.list("medications", v.medications);
  way.list("entry_rules", v.entry_rules);
  way.object("site", v.site);
  way.object("aftercare", v.aftercare);
  way.object("preparation", v.preparation);
}

template <class Way, Is<SocialNetwork> V>
void fields(Way& way, V& v) {
  way.format("ombre-network-1");
  way.name("person", v.person);
  way.list("members", v.members);
  way.list("ties", v.ties);
  way.list("shifts", v.shifts);
  way.list("consents", v.consents);
  way.list("contacts", v.contacts);
  way.list("disclosures", v.disclosures);
  way.list("ways_back", v.ways_back);
  way.date("leaving", v.leaving);
  way.object_or("care", v.care);
}

static Result<SocialNetwork> network_of(const Json& document, std::string_view file) {
  auto network = read_one<SocialNetwork>(view_of(document, file));
  if (!network) return network;
  if (auto ok = check_network(*network); !ok) return taper_json::in_file(ok.error(), file);
  return network;
}

}  // namespace ombre::inline v0::io::both_ways

namespace ombre::inline v0::io {

Result<plans::SocialNetwork> parse_network(std::string_view json, std::string_view name) {
  const auto document = parse_json(json, name, {.max_depth = 32, .max_bytes = most_network_bytes});
  if (!document) return unexpected(document.error());
  return both_ways::network_of(*document, name);
}

Result<plans::SocialNetwork> read_network(const std::string& path) {
  const auto document = read_json(path, {.max_depth = 32, .max_bytes = most_network_bytes});
  if (!document) return unexpected(document.error());
  return both_ways::network_of(*document, path);
}

Json network_json(const plans::SocialNetwork& network) { return both_ways::WriteWay::one(network); }

}  // namespace ombre::inline v0::io
