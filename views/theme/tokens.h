// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

#include <array>

namespace counterfoil {

/// What a colour says. Never the only carrier of meaning: a word stands beside it.
enum class Tone { Neutral, Info, Success, Warning, Danger, Accent };
inline constexpr std::array allTones{Tone::Neutral, Tone::Info, Tone::Success, Tone::Warning, Tone::Danger, Tone::Accent};

struct ToneColours {
    QColor text;
    QColor soft;
};

/// The visual language of 60-console: every colour that any widget of the console may use.
struct Tokens {
    bool dark = false;
    QColor window;
    QColor surface;
    QColor raised;
    QColor line;
    QColor strongLine;
    QColor text;
    QColor secondary;
    QColor disabled;
    QColor accent;
    QColor accentSoft;
    QColor onAccent;
    /// The ground of the row under the pointer.
    QColor hover;
    ToneColours success;
    ToneColours warning;
    ToneColours danger;
    ToneColours info;
    ToneColours neutral;

    const ToneColours& tone(Tone tone) const;
    ToneColours accentTone;
};

const Tokens& lightTokens();
const Tokens& darkTokens();

/// WCAG 2.1 contrast ratio of two opaque colours, 1 to 21.
double contrastRatio(const QColor& a, const QColor& b);

/// Distances in device-independent pixels; no others are used.
namespace space {
inline constexpr int xs = 4;
inline constexpr int s = 8;
inline constexpr int m = 12;
inline constexpr int l = 16;
inline constexpr int xl = 24;
inline constexpr int xxl = 32;
} // namespace space

/// The height of a table row.
inline constexpr int tableRowHeight = 28;
inline constexpr int cornerRadius = 6;

} // namespace counterfoil
