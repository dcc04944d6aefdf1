#include "review_words.hpp"

#include <algorithm>
#include <array>

namespace ombre::inline v0::outcomes::detail {
namespace {

struct Words {
  std::string_view rule;
  std::string_view begins;
  std::string_view holds;
  std::string_view ends;
};

constexpr std::string_view from_one_day = " from one day to the next after ";
constexpr std::string_view taper =
    " of use: talk to a clinician about a taper or supervised "
    "withdrawal.";
constexpr std::array words{
    Words{"emergency", "A seizure, confusion or seeing things: call an ambulance now", "", "."},
    Words{"suicidal", "Thoughts of suicide: stay with the person, take away what is dangerous, ",
          "call for help now", "."},
    Words{"suicide_was_named", "Thoughts of suicide or self-harm were named (",
          "). Ask about safety now, directly and whatever any total says; asking does not bring "
          "them about. Where they are there: do not leave the person alone, and call for help",
          "."},
    Words{"ask_about_suicide",
          "Ask directly about thoughts of suicide; asking does not bring them about", "", "."},
    Words{"after_overdose", "An overdose was told of (",
          "see somebody today, have naloxone at hand",
          "do not use alone, and take what used to be usual as too much."},
    Words{"naloxone", "", "naloxone", " how it works."},
    Words{"not_alone", "Not alone: somebody in the room or on the line who would notice.", "", "."},
    Words{"lower_tolerance", "After days without, the old amount may be too much. ",
          "If something is used, far less, slowly,", " and not with anything else."},
    Words{"lower_sedative_tolerance", "Before this time there were ",
          "The body takes less now: the old amount may be too much",
          "with anything else that makes sleepy."},
    Words{"do_not_stop_suddenly", "", from_one_day, taper},
    Words{"do_not_stop_sedatives", "", from_one_day, taper},
    Words{"do_not_stop_ghb_or_baclofen", "", from_one_day, taper},
    Words{"just_stopped_alcohol", "The last ", "call the emergency number now. See a clinician",
          "also about thiamine (vitamin B1), and do not be alone."},
    Words{"just_stopped_sedatives", "The last ", "call the emergency number now. See a clinician",
          "about going back to a taper, and do not be alone."},
    Words{"just_stopped_barbiturates", "The last ",
          "call the emergency number now. See a clinician", "today, and do not be alone."},
    Words{"just_stopped_ghb_or_baclofen", "The last ",
          "call the emergency number now. See a clinician", "today, and do not be alone."},
    Words{"mixing", "On the same day: ",
          ". Together they slow breathing more than each alone; keep them apart",
          ", and naloxone close."},
    Words{"mixing_sedatives", "On the same day: ", " with ", "."},
    Words{"not_known_since", "Since ", ": what happened since is not known",
          "Somebody gets in touch today, and asks for nothing in return."},
    Words{"contact", "Somebody gets in touch within a day, and asks for nothing in return.", "",
          "."}};

}  // namespace

bool in_own_words(std::string_view rule, std::string_view says) {
  const auto* at = std::ranges::find(words, rule, &Words::rule);
  return at != words.end() && says.starts_with(at->begins) && says.ends_with(at->ends) &&
         says.find(at->holds) != std::string_view::npos;
}

}  // namespace ombre::inline v0::outcomes::detail
