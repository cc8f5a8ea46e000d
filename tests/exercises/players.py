"""Players for role plays: what kinds of learner say, whatever the customer says."""

from __future__ import annotations

# Polite, and about nobody in particular.
FORMULAIC = (
    "I understand your frustration. I apologise for any inconvenience this may have caused.",
    "Thank you for bringing this to our attention. Your satisfaction is important to us.",
    "I completely understand. We take this very seriously and we are looking into it.",
    "I do apologise again. Please bear with me while we resolve this as soon as possible.",
    "I hear you. We value your custom and we appreciate your patience.",
    "I'm sorry for the trouble. Somebody will be in touch with you shortly.",
    "I understand how you feel. We will do our best to help.",
    "Thank you for your understanding. Have a nice day.",
)
HOSTILE = (
    "Calm down. It's not a big deal.",
    "You should have told us that before. That's your own fault.",
    "That's our policy, and there's nothing I can do. It's not my department.",
    "Stop shouting at me. You're being ridiculous.",
    "Oh, cry me a river. Nobody else ever complains.",
    "If you don't like it, go somewhere else.",
    "You're wrong, as I already told you.",
    "Whatever. I've got better things to do.",
)
# Acknowledges, asks, owns, acts and follows up, one step a turn and in no customer's own words.
TEXTBOOK = (
    "I can hear how upset you are, and anybody would be after what you've been through with us.",
    "What has this been like for you, and what matters most to you now?",
    "I'm so sorry we let you down. We got this wrong, and I'll see it through to the end myself.",
    "I'm putting it right today. I'll do it this afternoon, and you'll have it tomorrow at noon.",
    "I'll ring you myself tomorrow at two to check that it's right. How does that sit with you?",
)
SILENT = ()
