// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/tokens.h"

#include <cmath>

namespace counterfoil {

namespace {

QColor hex(unsigned rgb)
{
    return QColor::fromRgb(0xff000000U | rgb);
}

Tokens makeLight()
{
    Tokens t;
    t.window = hex(0xF6F7F9);
    t.surface = hex(0xFFFFFF);
    t.raised = hex(0xFFFFFF);
    t.line = hex(0xE3E6EB);
    t.strongLine = hex(0xC9CED6);
    t.text = hex(0x1B1F24);
    t.secondary = hex(0x5A6472);
    t.disabled = hex(0x9AA3AF);
    t.accent = hex(0x2F5BD7);
    t.accentSoft = hex(0xE8EEFC);
    t.onAccent = hex(0xFFFFFF);
    t.hover = hex(0xF0F2F5);
    t.success = {hex(0x177245), hex(0xE4F4EC)};
    t.warning = {hex(0x8A5A00), hex(0xFDF1DA)};
    t.danger = {hex(0xB3261E), hex(0xFBE9E7)};
    t.info = {hex(0x1F5FA8), hex(0xE6F0FB)};
    t.neutral = {hex(0x5A6472), hex(0xEEF0F3)};
    t.accentTone = {t.accent, t.accentSoft};
    return t;
}

Tokens makeDark()
{
    Tokens t;
    t.dark = true;
    t.window = hex(0x15181D);
    t.surface = hex(0x1C2026);
    t.raised = hex(0x232830);
    t.line = hex(0x2C323B);
    t.strongLine = hex(0x3C444F);
    t.text = hex(0xE6E9EE);
    t.secondary = hex(0x9BA5B3);
    t.disabled = hex(0x5E6875);
    t.accent = hex(0x7DA2FF);
    t.accentSoft = hex(0x23304F);
    t.onAccent = hex(0x15181D);
    t.hover = hex(0x252A32);
    t.success = {hex(0x6FD3A1), hex(0x163528)};
    t.warning = {hex(0xF0C36D), hex(0x3A2D12)};
    t.danger = {hex(0xFF9C94), hex(0x40201E)};
    t.info = {hex(0x8CBDF5), hex(0x182C44)};
    t.neutral = {hex(0x9BA5B3), hex(0x2A3038)};
    t.accentTone = {t.accent, t.accentSoft};
    return t;
}

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& colour)
{
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

} // namespace

const ToneColours& Tokens::tone(Tone tone) const
{
    switch (tone) {
    case Tone::Info: return info;
    case Tone::Success: return success;
    case Tone::Warning: return warning;
    case Tone::Danger: return danger;
    case Tone::Accent: return accentTone;
    case Tone::Neutral: break;
    }
    return neutral;
}

const Tokens& lightTokens()
{
    static const Tokens tokens = makeLight();
    return tokens;
}

const Tokens& darkTokens()
{
    static const Tokens tokens = makeDark();
    return tokens;
}

double contrastRatio(const QColor& a, const QColor& b)
{
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

} // namespace counterfoil
