// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/gateway/callback_verifier.h"

#include <QList>

#include <set>

namespace counterfoil {

/// A callback whose signature somebody wants explained. The secrets are in memory only: nothing of them goes into the answer, a log or a file.
struct ForensicInput {
    /// The value of the `Stripe-Signature` header. The header's name in front of it, and space around it, are left out.
    QByteArray header;
    QByteArray body;
    std::vector<QByteArray> secrets;
    /// The moment from which its age is reckoned.
    UtcTime now;
    Duration tolerance = callbackTolerance;
};

/// One item of the header, such as `v1=5257…`.
struct SignatureItem {
    /// What stands in front of the `=`; empty if there is none.
    QByteArray scheme;
    QByteArray value;
    /// For `v1`: 64 hexadecimal digits. For `t`: a number of seconds. For others: it could be a signature.
    bool isWellFormed = false;
};

/// Something that may have happened to a callback on its way, undone.
enum class ForensicChange {
    BodyTrimmed,        ///< space and line ends around the body taken off
    LineEndAdded,       ///< one at the end
    CrlfToLf,           ///< line ends of Windows made those of the net
    LfToCrlf,           ///< and the other way round
    JsonCompact,        ///< all space between the JSON's parts taken out
    JsonSpaced,         ///< one space behind every colon and comma
    JsonIndented,       ///< indented by two, as Stripe sends it
    MarkTakenOff,       ///< a byte order mark in front of the body
    SecretTrimmed,      ///< space or quotes around the secret
    SecretWithPrefix,   ///< `whsec_`, which was missing, put in front of it
    OtherScheme,        ///< a signature of another scheme taken as v1
};

/// The fewest changes of one kind with which the signature is right.
using ForensicGuess = std::set<ForensicChange>;

/// What was found out. `verdict` is verifyCallback()'s own, so that this can't disagree with what a worker does.
struct CallbackForensics {
    Result<void> verdict;
    std::vector<SignatureItem> items;
    /// Seconds since 1970; none if the header has not exactly one that is well-formed.
    std::optional<qint64> timestamp;
    /// How old the signature is in seconds; negative for one from the future.
    std::optional<qint64> ageSeconds;
    bool isInTime = false;
    int signatures = 0;
    int wellFormedSignatures = 0;
    int secrets = 0;
    /// Which of the secrets fits what was given, counted from 0, whatever the time.
    std::optional<int> fittingSecret;
    /// Whether a worker could read the body, once it is verified.
    Result<CallbackEvent> event;
    /// With what changes the signature would be right; empty if it is, or if none was found.
    std::vector<ForensicGuess> guesses;
};

/// Finds out why a callback verifies or does not. Pure; the time taken grows with the body, of which at most a megabyte is changed for guesses.
CallbackForensics examineCallback(const ForensicInput& input);

} // namespace counterfoil
