"""Any mode of image that Pillow opens, as RGB in sRGB, in bands so that no second full copy lies about."""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, TiffImagePlugin

from recognizer.types import Rgb

_BAND_PIXELS = 4_000_000  # per band: 12 MB of colour, enough to hide the cost of each call
_SPACES = {"GRAY": "L", "RGB": "RGB", "CMYK": "CMYK", "Lab": "LAB"}  # how ICC and Pillow call the same
_BITS, _PHOTOMETRIC = 258, 262  # TIFF tags
_BROKEN = "The embedded colour profile can't be used; the colours are taken as sRGB."

Band = Callable[[Image.Image], Image.Image]  # one band of the image's own mode, to mode RGB


def colour_profile(data: bytes | None) -> tuple[ImageCms.ImageCmsProfile | None, str | None]:
    """The embedded profile where it has to be applied, and a warning where it is broken.

    None and no warning means that the colours are sRGB already (as most scanners write).
    """
    if not data:
        return None, None
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        described = ImageCms.getProfileDescription(profile)
        if profile.profile.xcolor_space.strip() not in _SPACES:
            return None, _BROKEN
    except (OSError, ImageCms.PyCMSError, ValueError, TypeError):
        return None, _BROKEN
    return (None if "srgb" in described.lower() else profile), None


def _to_srgb(profile: ImageCms.ImageCmsProfile) -> tuple[str, Band]:
    """The mode a profile speaks of, and the map from it to sRGB; raises PyCMSError when it has none."""
    mode = _SPACES[profile.profile.xcolor_space.strip()]
    transform = ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), mode, "RGB")

    def convert(band: Image.Image) -> Image.Image:
        turned = ImageCms.applyTransform(band.convert(mode), transform)
        assert turned is not None
        return turned

    return mode, convert


def correct_in_place(pixels: Rgb, profile: ImageCms.ImageCmsProfile) -> str | None:
    """Turn freshly decoded RGB ``pixels`` (H, W, 3) into sRGB in place; a warning when it can't be done.

    The one function here that writes on its argument: the decoder owns the array, and a copy of it
    would double the memory of a large scan.
    """
    try:
        mode, convert = _to_srgb(profile)
    except ImageCms.PyCMSError:
        return _BROKEN
    if mode not in ("L", "RGB"):
        return _BROKEN
    step = max(_BAND_PIXELS // pixels.shape[1], 1)
    for top in range(0, len(pixels), step):
        pixels[top : top + step] = np.asarray(convert(Image.fromarray(pixels[top : top + step])))
    return None


def to_rgb(image: Image.Image) -> tuple[Rgb, list[str]]:
    """Pixels (H, W, 3) of any Pillow image in sRGB, transparency laid over white, and warnings.

    16-bit values are scaled to 8, not clipped; Pillow scales 16-bit colour by itself.
    """
    profile, warning = colour_profile(image.info.get("icc_profile"))
    convert = _band_converter(image)
    if profile is not None:
        try:
            mode, managed = _to_srgb(profile)
            fits = mode == {"RGBA": "RGB", "P": "RGB", "LA": "L", "I;16": "L", "I;16B": "L", "1": "L"}.get(
                image.mode, image.mode
            )
            if fits:
                convert = (
                    _over_white(managed) if _transparent(image) else _chain(_first_to_8_bit(image), managed)
                )
            elif mode != "L" or image.mode != "RGB":
                warning = _BROKEN
        except ImageCms.PyCMSError:
            warning = _BROKEN
    width, height = image.size
    pixels = np.empty((height, width, 3), np.uint8)
    step = max(_BAND_PIXELS // width, 1)
    for top in range(0, height, step):
        band = image.crop((0, top, width, min(top + step, height)))
        pixels[top : top + step] = np.asarray(convert(band))
    return pixels, [warning] if warning else []


def turned(pixels: Rgb, orientation: int) -> Rgb:
    """``pixels`` as a person sees them: EXIF ``orientation`` 1 to 8 applied."""
    if orientation in (2, 5, 7):
        pixels = cv2.flip(pixels, 1)
    if orientation == 4:
        pixels = cv2.flip(pixels, 0)
    turn = {
        3: cv2.ROTATE_180,
        5: cv2.ROTATE_90_COUNTERCLOCKWISE,
        6: cv2.ROTATE_90_CLOCKWISE,
        7: cv2.ROTATE_90_CLOCKWISE,
        8: cv2.ROTATE_90_COUNTERCLOCKWISE,
    }
    if orientation in turn:
        pixels = cv2.rotate(pixels, turn[orientation])
    return pixels


def _chain(first: Band, then: Band) -> Band:
    return lambda band: then(first(band))


def _transparent(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info


def _band_converter(image: Image.Image) -> Band:
    if _transparent(image):
        return _over_white(lambda band: band.convert("RGB"))
    if image.mode == "LAB":
        return _to_srgb(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")))[1]
    return _chain(_first_to_8_bit(image), lambda band: band.convert("RGB"))


def _over_white(opaque: Band) -> Band:
    def lay(band: Image.Image) -> Image.Image:
        full = band.convert("RGBA")
        paper = Image.new("RGB", band.size, "white")
        paper.paste(opaque(full.convert("RGB")), mask=full.getchannel("A"))
        return paper

    return lay


def _first_to_8_bit(image: Image.Image) -> Band:
    """Modes with more than 8 bits a value, scaled to L; all others pass."""
    if not (image.mode.startswith("I") or image.mode == "F"):
        return lambda band: band
    tags = image.tag_v2 if isinstance(image, TiffImagePlugin.TiffImageFile) else {}
    low, high = 0.0, 65535.0
    if image.mode == "F":
        low, high = _float_range(image)
    elif image.mode == "I":
        high = _whole_range(image)
    elif tags.get(_BITS):
        high = float(2 ** int(tags[_BITS][0]) - 1)
    # Pillow inverts 8-bit pictures whose zero is white, but leaves 16-bit ones as they are.
    inverted = tags.get(_PHOTOMETRIC) == 0 and image.mode != "F"

    def scale(band: Image.Image) -> Image.Image:
        values: NDArray[np.float32] = np.asarray(band).astype(np.float32)
        level = np.clip((values - low) * (255.0 / max(high - low, 1e-9)), 0, 255)
        level = 255 - level if inverted else level
        return Image.fromarray(np.rint(level).astype(np.uint8))

    return scale


def _whole_range(image: Image.Image) -> float:
    """What white is in a 32-bit picture: the smallest usual depth that holds its brightest value."""
    brightest = float(np.max(image.getextrema()))
    return next((top for top in (255.0, 65535.0) if brightest <= top), brightest)


def _float_range(image: Image.Image) -> tuple[float, float]:
    """Black and white of a picture of real numbers: 0 to 1, 255 or 65535 where they fit."""
    darkest, brightest = (float(v) for v in np.ravel(image.getextrema()))
    top = next((top for top in (1.0, 255.0, 65535.0) if brightest <= top), brightest)
    return min(darkest, 0.0), top
